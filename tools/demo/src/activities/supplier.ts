import { readFile } from 'node:fs/promises';

export interface Article {
  article: string;
  priceCents: number;
}

/** The articles of a supplier, from the file shipped with the demo. Asked for the first time, the supplier sends all but the last. */
export async function readCatalog(supplier: string, isFirst: boolean): Promise<{ articles: Article[]; of: number }> {
  const catalogs = JSON.parse(await readFile(new URL('../../data/catalog.json', import.meta.url), 'utf8'));
  const articles: Article[] = catalogs[supplier] ?? [];
  return { articles: isFirst ? articles.slice(0, -1) : articles, of: articles.length };
}
