import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

const command = (...given: string[]) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, [main, ...given], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });

test('the command says what it takes', async () => {
  const { code, output } = await command('--help');
  expect(code).toBe(0);
  for (const option of ['--executions', '--seed', '--faults', '--only', '--worker']) expect(output).toContain(option);
});

test('arguments that make no sense end it with 2, before anything is started', async () => {
  expect(await command('--executions', 'many')).toMatchObject({
    code: 2,
    output: expect.stringContaining('whole number'),
  });
  expect(await command('--only', 'weddings')).toMatchObject({
    code: 2,
    output: expect.stringContaining('cancelled by the API'),
  });
  expect(await command('--exeggutions', '5')).toMatchObject({ code: 2 });
});
