import { readFile } from 'node:fs/promises';

const PER_PAGE = 3;

interface Mail {
  from: string;
  subject: string;
  read: boolean;
}

/** What is unread on a page of the inbox that is shipped with the demo. The first page is 1; beyond the last there is nothing. */
export async function digestPage(page: number): Promise<string[]> {
  const mails: Mail[] = JSON.parse(await readFile(new URL('../../data/inbox.json', import.meta.url), 'utf8'));
  return mails
    .slice((page - 1) * PER_PAGE, page * PER_PAGE)
    .filter(({ read }) => !read)
    .map(({ from, subject }) => `${from}: ${subject}`);
}
