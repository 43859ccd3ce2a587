import type { SchemaFile } from '@runledger/local-stack';

/** Who may call a function, as the line above it says. */
export interface FunctionGrant {
  /** With its schema; no two functions share a name. */
  name: string;
  /** Empty: nobody but the owner. */
  roles: string[];
}

const ROLES = ['service_role', 'authenticated'];

/** The line `-- for: service_role, authenticated`, or `-- for: nobody`, directly above `create function`. */
const DECLARED = /(?:^-- for: ([a-z_, ]+)\n)?^create (?:or replace )?function ([a-z_0-9]+\.[a-z_0-9]+)/gm;

function rolesOf(name: string, declared: string | undefined, path: string): string[] {
  if (declared === undefined)
    throw new Error(`${path}: ${name} lacks the line "-- for: <roles>" above it, which says who may call it.`);
  const roles = declared === 'nobody' ? [] : declared.split(', ');
  const unknown = roles.find((role) => !ROLES.includes(role));
  if (unknown !== undefined)
    throw new Error(`${path}: ${name} is for "${unknown}", which is none of ${ROLES.join(', ')}.`);
  return roles;
}

/** The grants that the files declare. @throws Error that names the function whose line is missing or wrong. */
export function functionGrants(files: SchemaFile[]): FunctionGrant[] {
  return files.flatMap(({ path, sql }) =>
    [...sql.matchAll(DECLARED)].map(([, declared, name = '']) => ({ name, roles: rolesOf(name, declared, path) })),
  );
}

const HEADER = `-- Who may call which function: the line \`-- for:\` above each. Written by \`npm run gen:migration\`.

-- Postgres lets everybody call a new function.
revoke execute on all functions in schema runledger, runledger_private
  from public, anon, authenticated, service_role;
`;

/** The text of supabase/schemas/access/functions.sql. */
export function grantsSql(grants: FunctionGrant[]): string {
  const parts = ROLES.map((role) => {
    const names = grants.filter(({ roles }) => roles.includes(role)).map(({ name }) => `  ${name}`);
    return `\ngrant execute on function\n${names.sort().join(',\n')}\n  to ${role};\n`;
  });
  return HEADER + parts.join('');
}
