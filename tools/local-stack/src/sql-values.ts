import pg from 'pg';

// Both drivers are told to read values alike, so that one test holds on PGlite and on Postgres.

type Reader<T = unknown> = (text: string) => T;

const int8: Reader = (text) => {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
};

const numeric: Reader = (text) => {
  const value = Number(text);
  return String(value) === text ? value : text;
};

const asPrinted: Reader = (text) => text;

const readTextArray = (pg.types.getTypeParser as (oid: number) => Reader<(string | null)[]>)(1009);

const arrayOf =
  (element: Reader): Reader =>
  (text) =>
    readTextArray(text).map((item) => (item === null ? null : element(item)));

/**
 * Readers by the oids of a type and of its array. A JavaScript Date has milliseconds only, so dates and times stay as
 * Postgres prints them.
 */
export const sqlValueReaders: Record<number, Reader> = {};
for (const [oid, arrayOid, reader] of [
  [20, 1016, int8],
  [114, 199, JSON.parse],
  [3802, 3807, JSON.parse],
  [1700, 1231, numeric],
  [1082, 1182, asPrinted],
  [1083, 1183, asPrinted],
  [1114, 1115, asPrinted],
  [1184, 1185, asPrinted],
  [1186, 1187, asPrinted],
  [1266, 1270, asPrinted],
] as const) {
  sqlValueReaders[oid] = reader;
  sqlValueReaders[arrayOid] = arrayOf(reader);
}
