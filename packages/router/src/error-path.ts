/** A JSON pointer (`/items/0/a~1b`) below a root, in the form that `fields` of an error uses: `input.items.0.a/b`. */
export function pointerToPath(root: string, pointer: string): string {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return [root, ...parts].join('.');
}
