import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** Runs a program on a terminal of its own, types the keys once the question is there, and prints what the terminal showed. */
const TERMINAL = `
import os, pty, sys
keys, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(command[0], command)
shown, typed = b'', False
while True:
    try:
        shown += os.read(terminal, 4096)
    except OSError:
        break
    if not typed and b'Sure?' in shown:
        typed = True
        os.write(terminal, bytes(keys, 'utf8'))
_, status = os.waitpid(pid, 0)
print(shown.decode())
sys.exit(os.waitstatus_to_exitcode(status))
`;

const ASKS = `import { ask } from ${JSON.stringify(new URL('ask.ts', import.meta.url).href)};
  console.log('answer', JSON.stringify(await ask('Sure? ', process)));`;

test.each([
  ['what is typed', 'yes\r', '"yes"'],
  ['nothing but Enter', '\r', '""'],
  ['Ctrl-C', '\u0003', 'null'],
  ['Ctrl-D', '\u0004', 'null'],
])('on a terminal, %s is an answer', async (_, keys, answer) => {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', ASKS];
  const { stdout } = await run('python3', ['-c', TERMINAL, keys, ...node]);
  expect(stdout).toContain(`answer ${answer}`);
});

test('without a terminal nobody is asked', async () => {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', ASKS]);
  expect(stdout).toBe('answer null\n');
});
