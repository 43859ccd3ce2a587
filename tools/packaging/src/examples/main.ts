/**
 * `npm run examples`: installs each example by npm, on the packed packages, and does with it what its README says. With names, those alone.
 * Pictures of the pages are in dist/examples then.
 */
import { installExample } from './install-example.ts';
import { PAGES } from './pages.ts';
import { SERVERS } from './servers.ts';
import { startExampleStack } from './stack.ts';

const examples = { ...SERVERS, ...PAGES };
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(examples);
const seconds = (began: number) => `${((performance.now() - began) / 1000).toFixed(1)} s`;

let hasFailed = false;
{
  await using stack = await startExampleStack();
  for (const name of names) {
    const example = examples[name];
    if (!example) throw new Error(`There is no example ${name}: ${Object.keys(examples).join(', ')}.`);
    const began = performance.now();
    await using project = await installExample(name);
    const installed = seconds(began);
    const started = performance.now();
    await example(project.folder, stack).then(
      () => console.log(`✓ ${name.padEnd(20)} installed in ${installed}, ran in ${seconds(started)}`),
      (error: unknown) => {
        hasFailed = true;
        console.error(`✗ ${name}`, error);
      },
    );
  }
}
// A server of the test databases may still run; it ends with this process.
process.exit(hasFailed ? 1 : 0);
