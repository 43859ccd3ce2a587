import { parse } from 'smol-toml';

const SCHEMA = 'runledger';
/** What the Supabase CLI serves where a configuration says nothing. */
const DEFAULT_SCHEMAS = ['public', 'graphql_public'];

/** `supabase/config.toml` with the schema `runledger` among those that the API serves; every comment stays. `null`: it is there. */
export function exposeSchema(config: string): string | null {
  const { api } = parse(config) as { api?: { schemas?: string[] } };
  if (api?.schemas?.includes(SCHEMA)) return null;
  const schemas = `schemas = ${JSON.stringify([...(api?.schemas ?? DEFAULT_SCHEMAS), SCHEMA]).replaceAll(',', ', ')}`;
  const exposed = !api
    ? `${config.trimEnd()}\n\n[api]\n${schemas}\n`.trimStart()
    : config.replace(
        /^([ \t]*\[api\][^\n]*\n)([\s\S]*?)(?=^[ \t]*\[|(?![\s\S]))/m,
        (_, heading: string, body: string) =>
          api.schemas
            ? heading + body.replace(/^[ \t]*schemas\s*=\s*\[[^\]]*\]/m, schemas)
            : `${heading}${schemas}\n${body}`,
      );
  const written = parse(exposed) as { api?: { schemas?: string[] } };
  if (!written.api?.schemas?.includes(SCHEMA))
    throw new Error(
      `Add "${SCHEMA}" to schemas under [api] in supabase/config.toml; it is written in a way that is not known here.`,
    );
  return exposed;
}
