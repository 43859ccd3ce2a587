import { readFile } from 'node:fs/promises';

const TUTORIAL = new URL('../../../../docs/tutorial.md', import.meta.url);

/** The commands of the tutorial up to the first execution on the page, one by one, as its reader types them. */
export async function commandsOfTutorial(): Promise<string[]> {
  const text = await readFile(TUTORIAL, 'utf8');
  const [untilFirstExecution = ''] = text.split('## 4.');
  return [...untilFirstExecution.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
}
