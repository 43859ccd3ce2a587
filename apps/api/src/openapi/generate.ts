/** Writes what is made from the router: its descriptions, for `/openapi.json`, and `docs/api-reference.md`. */
import { writeFile } from 'node:fs/promises';
import { generated } from './generated.ts';

for (const [file, text] of Object.entries(await generated())) await writeFile(file, text);
