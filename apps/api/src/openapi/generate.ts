/**
 * Writes what is made from the router: its descriptions, for `/openapi.json`, and `docs/api-reference.md`. With `--check` it
 * says instead which of them is not as it would be written.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { generated } from './generated.ts';

const isCheck = process.argv.includes('--check');
const stale: string[] = [];
for (const [file, text] of Object.entries(await generated())) {
  if (!isCheck) await writeFile(file, text);
  else if ((await readFile(file, 'utf8').catch(() => '')) !== text) stale.push(file);
}
if (stale.length > 0) {
  console.error(`Not as the router is: ${stale.join(', ')}. Run \`npm run gen:api\`.`);
  process.exitCode = 1;
}
