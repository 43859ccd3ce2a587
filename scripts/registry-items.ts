/** What `npx shadcn add` takes: files that land in an application and are its own from then on, over `@runledger/client`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const SOURCES = new URL('../packages/client/src/registry/', import.meta.url);
/** Where the generated files are. */
export const REGISTRY = fileURLToPath(new URL('../registry/', import.meta.url));

const ITEMS: Record<string, [title: string, description: string]> = {
  'runledger-provider': ['Runledger provider', 'The client of a Runledger API around everything that shows executions'],
  'execution-table': ['Execution table', 'The executions of whoever is signed in, changing in place as they do'],
  'execution-status': ['Execution status', 'How one execution stands: a bar of progress, a line or a badge'],
  'execution-view': ['Execution view', 'One execution: its outcome, its output, and what may be done about it'],
  'run-strip': ['Run strip', 'How the latest executions of a workflow ended, as marks'],
};

const DEPENDENCIES = ['@runledger/client', '@tanstack/react-query'];

/** Every file of the registry by its name, as it should be. */
export async function registryFiles(): Promise<Map<string, string>> {
  const items = await Promise.all(
    Object.entries(ITEMS).map(([name, [title, description]]) => itemOf(name, title, description)),
  );
  const index = {
    $schema: 'https://ui.shadcn.com/schema/registry.json',
    name: 'runledger',
    homepage: await readHomepage(),
    items: items.map(({ $schema: _, files, ...item }) => ({
      ...item,
      files: files.map(({ content: _c, ...file }) => file),
    })),
  };
  const file = (name: string, content: object) => [`${name}.json`, `${JSON.stringify(content, null, 2)}\n`] as const;
  return new Map([file('registry', index), ...items.map((item) => file(item.name, item))]);
}

/** Where the repository is, as the top of it says. */
async function readHomepage(): Promise<string> {
  const { repository } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    repository: { url: string };
  };
  return repository.url.replace(/^git\+|\.git$/g, '');
}

async function itemOf(name: string, title: string, description: string) {
  const content = await readFile(new URL(`${name}.tsx`, SOURCES), 'utf8');
  return {
    $schema: 'https://ui.shadcn.com/schema/registry-item.json',
    ...{ name, type: 'registry:component', title, description, dependencies: DEPENDENCIES },
    files: [{ path: `components/${name}.tsx`, type: 'registry:component', content }],
  };
}
