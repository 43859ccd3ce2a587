import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { Database } from './database.types.ts';
import type { Supabase } from './supabase.ts';

type Functions = Database['runledger']['Functions'];

/** A function whose rows are also to be had as one document. */
type Documented = keyof {
  [Name in keyof Functions as `${Name}_document` extends keyof Functions ? Name : never]: Name;
};

/**
 * Calls a function for all its rows. As rows they would be cut, in silence, at the API's limit (PostgREST's max-rows):
 * they come as one document.
 */
export async function readRows<Name extends Documented>(
  supabase: Supabase,
  { name, args, call }: { name: Name; args: Functions[Name]['Args']; call: CallOptions },
): Promise<Functions[Name]['Returns']> {
  const document = `${name}_document` as Name;
  const rows: unknown = await callDatabase(() => supabase.rpc(document, args as never) as never, call);
  return rows as Functions[Name]['Returns'];
}
