/** The libraries at both ends of what they ask for: the newest peers are those of all other tests here, these are the lowest. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InstalledProject } from './install-packed.ts';
import { installPacked, LONGEST_INSTALL_MS, PEERS } from './install-packed.ts';
import { atLowEnd } from './matrix/peer-ranges.ts';
import type { Program } from './matrix/readers-project.ts';
import { checkTypes, runProgram, writeReadersCode } from './matrix/readers-project.ts';
import type { ReaderStack } from './reader-stack.ts';
import { startReaderStack } from './reader-stack.ts';

const LIBRARIES = ['contracts', 'execution-service', 'engine', 'monitor', 'router', 'client'];

describe('with exactly the lowest versions that the peer ranges allow', () => {
  let stack: ReaderStack;
  let project: InstalledProject;
  let programs: Program[];
  beforeAll(async () => {
    const names = LIBRARIES.map((name) => `@runledger/${name}`);
    [stack, project] = await Promise.all([startReaderStack(), installPacked(atLowEnd(PEERS), names)]);
    programs = await writeReadersCode(project.folder, stack, LIBRARIES);
  }, LONGEST_INSTALL_MS);
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await project?.[Symbol.asyncDispose]();
  });

  test('the code of every README has the right types, and runs', async () => {
    expect(await checkTypes(project.folder)).toEqual([]);
    expect(programs.length).toBeGreaterThan(8);
    for (const program of programs) {
      const how = { command: [process.execPath], env: process.env, variables: stack.variables };
      expect(await runProgram(project.folder, program, how), program.name).toBeNull();
    }
  });
});
