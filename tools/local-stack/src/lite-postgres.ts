import type { PostgresConnection } from '@supabase/lite/postgres';
import { createPostgresConnection } from '@supabase/lite/postgres';
import { isoTime, jsonParameter, patch } from './lite-connection.ts';

export function openLitePostgres(url: string): PostgresConnection {
  const json = (oid: number) => ({ to: oid, from: [oid], serialize: jsonParameter, parse: JSON.parse });
  const time = (oid: number) => ({ to: oid, from: [oid], serialize: (value: string) => value, parse: isoTime });
  return patch(
    createPostgresConnection({
      url,
      postgresOptions: {
        onnotice: () => {},
        types: { json: json(114), jsonb: json(3802), timestamp: time(1114), timestamptz: time(1184) },
      },
    }),
  );
}
