/** Documents, help, messages and comments are plain English: phrases that readers stumbled over do not come back. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What is refused, and what to write. */
const REFUSED: [phrase: RegExp, instead: string][] = [
  [/\bcannot be(?=[:.,;])/i, 'Invalid …: and what is allowed'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/(?<!\bthere )\bis no (?!longer\b|more than\b)/i, 'is not a …'],
  [/\b(is|are) said\b/i, 'is reported, is listed'],
  [/\b(is|are) to be one of\b/i, 'must be one of'],
  [/\bno word to\b/i, 'is not notified'],
  [/\bof your own says\b/i, 'measure on your own'],
  [/\bstands? in place of\b/i, 'overrides'],
  [/\b(dear|dearer|dearest)\b/i, 'expensive'],
  [/(?<!at least )\bso many(?! percent)\b/i, 'a number, or its name'],
  [/\bevery so manyth\b/i, 'every Nth'],
  [/\bbesides\b/i, 'in addition to'],
];

/** The strings of a source, without comments, imports and what stands in `${}`. */
function stringsOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*(\/\/|import\b).*$/gm, '');
  return [...code.matchAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g)].map(([text]) =>
    text.replace(/\$\{[^}]*\}/g, '…'),
  );
}

/** The comments of a source, each as one line. */
function commentsOf(source: string): string[] {
  const comments = [...source.matchAll(/\/\*[\s\S]*?\*\/|^\s*(?:(?:\/\/|--).*\n?)+/gm)].map(([text]) => text);
  return comments.map((text) => text.replace(/\n\s*(?:\*|\/\/|--)?\s*/g, ' '));
}

async function filesIn(...patterns: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', ...patterns], { cwd: root });
  return stdout.trim().split('\n');
}

const refusalsOf = (file: string, text: string): string[] =>
  REFUSED.flatMap(([phrase, instead]) => {
    const found = phrase.exec(text);
    if (!found) return [];
    const around = text.slice(Math.max(0, found.index - 30), found.index + 50).replace(/\s+/g, ' ');
    return [`${file}: "…${around}…": write "${instead}"`];
  });

test('a refused phrase is found in text, in the strings of a source and in its comments, over the ends of lines', () => {
  expect(refusalsOf('a.md', 'This quota cannot be: too small')).toHaveLength(1);
  expect(stringsOf("// mend\nthrow new Error('Mend it');").flatMap((text) => refusalsOf('a.ts', text))).toHaveLength(1);
  const comment = commentsOf('/** It says\n * so many\n * times. */\n// It is\n// said.\nconst a = 1;\n-- mend it');
  expect(comment.flatMap((text) => refusalsOf('a.ts', text))).toHaveLength(3);
  expect(refusalsOf('a.md', 'There is no dashboard. It cannot be read.')).toEqual([]);
});

test('no document says it with a refused phrase', async () => {
  const files = await filesIn('README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/*.md', '*/README.md');
  const found = await Promise.all(
    files.map(async (file) => refusalsOf(file, await readFile(join(root, file), 'utf8'))),
  );
  expect(found.flat()).toEqual([]);
});

test('no message or help text says it with a refused phrase', async () => {
  const files = (await filesIn('packages/*.ts', 'apps/*.ts', 'tools/*.ts')).filter(
    (file) => !/\.test\.ts$|\/fixtures\/|database\.types/.test(file),
  );
  const found = await Promise.all(
    files.map(async (file) =>
      stringsOf(await readFile(join(root, file), 'utf8')).flatMap((text) => refusalsOf(file, text)),
    ),
  );
  expect(found.flat()).toEqual([]);
});

test('no comment says it with a refused phrase', async () => {
  const files = (await filesIn('*.ts', '*.tsx', '*.mjs', '*.sql')).filter(
    (file) => !/database\.types|\/migrations\/|words\.test/.test(file),
  );
  const found = await Promise.all(
    files.map(async (file) =>
      commentsOf(await readFile(join(root, file), 'utf8')).flatMap((text) => refusalsOf(file, text)),
    ),
  );
  expect(found.flat()).toEqual([]);
});
