import type { LiteConnection } from './lite-connection.ts';

/**
 * Counts how often the catalog could not be read. Lite 0.10.0 then answers as if the database were empty: 404, "not in the
 * schema cache", where PostgREST says 503, and a caller takes it for the truth.
 */
export function countFailedCatalogReads(connection: LiteConnection): () => number {
  const introspect = connection.introspect.bind(connection);
  let failed = 0;
  connection.introspect = async (options) => {
    const catalog = await introspect(options);
    // Only a catalog that was not read has no functions at all.
    if (catalog.functions === undefined) failed += 1;
    return catalog;
  };
  return () => failed;
}

/** PostgREST, docs/references/errors.rst, PGRST002: "Could not connect with the database when building the schema cache". */
export function catalogUnread(): Response {
  const message = 'Could not query the database for the schema cache. Retrying.';
  return Response.json({ code: 'PGRST002', message, details: null, hint: null }, { status: 503 });
}
