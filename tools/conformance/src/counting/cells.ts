/** What a cell is about. Empty user: all users; null workflow: all workflows; hours since 1970 in UTC, null: the whole life. */
export interface CellName {
  user: string;
  workflow: string | null;
  grain: 'hour' | 'day' | 'life';
  hour: number | null;
}

/** Field to number: a status, 'duration count', 'duration sum', 'duration in 17' (a bucket), 'verdict good', … */
export type Fields = Map<string, number>;
export type Cells = Map<string, Fields>;

const GRAINS = ['hour', 'day', 'life'] as const;

export const nameOf = ({ user, workflow, grain, hour }: CellName): string =>
  [user, workflow ?? '', grain, hour ?? ''].join('\t');

export function fieldsOf(cells: Cells, name: string): Fields {
  let fields = cells.get(name);
  if (!fields) {
    fields = new Map();
    cells.set(name, fields);
  }
  return fields;
}

export const add = (fields: Fields, field: string, n: number): unknown =>
  fields.set(field, (fields.get(field) ?? 0) + n);

/** Every cell that something counts in which a user started through a workflow in this hour. */
export function cellsOf(
  where: { user: string; workflow: string; hour: number; grain?: 'hour' | 'day' },
  hoursFrom: number,
): { name: string; grain: CellName['grain'] }[] {
  const { user, workflow, hour } = where;
  const day = Math.floor(hour / 24) * 24;
  const grains = GRAINS.filter((grain) => grain !== 'hour' || (where.grain !== 'day' && hour >= hoursFrom));
  const scopes = [
    { user, workflow },
    { user, workflow: null },
    { user: '', workflow },
  ];
  return grains.flatMap((grain) =>
    scopes.map((scope) => ({
      grain,
      name: nameOf({ ...scope, grain, hour: grain === 'hour' ? hour : grain === 'day' ? day : null }),
    })),
  );
}

/** DDSketch with a relative error of 2 %; written from the paper, not from the SQL. */
const LOG_GAMMA = Math.log(1.02 / 0.98);
export const bucketOf = (ms: number): number => (ms <= 0 ? -1 : Math.ceil(Math.log(ms) / LOG_GAMMA));
