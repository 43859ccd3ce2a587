/** The list that was looked at last: an execution's page goes to the next of it, and back to it. */
let search = '';
let ids: string[] = [];

export function rememberList(address: string, rows: readonly { id: string }[]): void {
  search = address;
  ids = rows.map(({ id }) => id);
}

export const lastListHref = (): string => (search ? `/executions?${search}` : '/executions');

/** Beside an execution in that list; `null` at its ends. */
export function neighbour(id: string, step: 1 | -1): string | null {
  const index = ids.indexOf(id);
  return index === -1 ? null : (ids[index + step] ?? null);
}
