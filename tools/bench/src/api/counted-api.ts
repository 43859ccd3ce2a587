/** The process of the API, as `apps/api` runs it, with its calls counted from outside of it. */
import { fileURLToPath } from 'node:url';
import { countCalls } from '../count-calls.ts';

const calls = countCalls();
process.on('message', () => process.send?.({ calls, rss: process.memoryUsage().rss }));
process.on('disconnect', () => process.exit());
await import(fileURLToPath(new URL('../../../../apps/api/src/main.ts', import.meta.url)));
