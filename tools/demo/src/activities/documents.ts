import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../documents', import.meta.url));

export type WordCounts = Record<string, number>;

export async function listDocuments(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.txt')).toSorted();
}

export async function countWords(document: string): Promise<WordCounts> {
  const text = await readFile(join(folder, basename(document)), 'utf8');
  const counts = new Map<string, number>();
  for (const [word] of text.toLowerCase().matchAll(/\p{L}{4,}/gu)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** The most frequent words of all documents, the more frequent first, then by the alphabet. */
export async function rankWords(documents: WordCounts[], top: number): Promise<[word: string, count: number][]> {
  const totals = new Map<string, number>();
  for (const [word, count] of documents.flatMap((counts) => Object.entries(counts))) {
    totals.set(word, (totals.get(word) ?? 0) + count);
  }
  return [...totals].toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b)).slice(0, top);
}
