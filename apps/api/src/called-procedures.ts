/**
 * The procedures that a request to `/trpc` names, as tRPC reads its address: those of a batch are separated by commas, which a
 * client may encode. `null`: the address is not valid.
 */
export function calledProcedures(url: string): string[] | null {
  try {
    return decodeURIComponent(new URL(url).pathname)
      .replace(/^\/trpc\//, '')
      .split(',');
  } catch {
    return null;
  }
}
