/** Quoted text, dollar-quoted text, comments and the end of a statement: all that decides where a statement ends. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_][\w]*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|;/g;

/**
 * The statements of a migration as the Supabase CLI records them: trimmed, without the semicolon. Not for running:
 * E'' strings with a backslashed quote and nested block comments are beyond it.
 */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let start = 0;
  for (const match of sql.matchAll(token)) {
    if (match[0] !== ';') continue;
    statements.push(sql.slice(start, match.index).trim());
    start = match.index + 1;
  }
  statements.push(sql.slice(start).trim());
  return statements.filter((statement) => statement !== '');
}
