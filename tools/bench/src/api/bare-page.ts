import type { Page } from 'playwright-core';

const PATH = '/bare';

/** The least that shows the same rows, once they are there: one request, one table, no library; changes are written into cells at a rate. */
const SCRIPT = `
  const { access_token } = JSON.parse(localStorage['runledger.session']);
  const [pages, rate] = location.hash.slice(1).split(',').map(Number);
  const read = async (cursor) => {
    const input = encodeURIComponent(JSON.stringify({ filter: 'status=running', limit: 100, cursor }));
    const answer = await fetch('/trpc/execution.listExecutions?input=' + input, { headers: { authorization: 'Bearer ' + access_token } });
    return (await answer.json()).result.data;
  };
  const cell = (text) => { const td = document.createElement('td'); td.textContent = text; return td; };
  const main = document.querySelector('main');
  const body = document.querySelector('tbody');
  let cursor = null;
  for (let page = 0; page < pages; page++) {
    const { items, nextCursor } = await read(cursor);
    cursor = nextCursor;
    const rows = items.map((row) => {
      const tr = document.createElement('tr');
      tr.dataset.id = row.id;
      const box = document.createElement('input');
      box.type = 'checkbox';
      const first = document.createElement('td');
      first.append(box);
      tr.append(first, cell(row.status), cell(row.workflow.name), cell(new Date(row.startedAt).toLocaleString()), cell(row.createdBy), cell(row.id));
      return tr;
    });
    body.append(...rows);
    main.hidden = false;
  }
  let current = -1;
  addEventListener('change', ({ target }) => target.closest('tr').classList.toggle('selected'));
  addEventListener('keydown', ({ key }) => { if (key === 'j') body.rows[++current].classList.add('current'); });
  document.querySelector('thead button').onclick = () => body.append(...[...body.rows].reverse());
  if (rate > 0) setInterval(() => {
    body.rows[Math.floor(Math.random() * body.rows.length)].cells[1].textContent = 'terminated';
  }, 1000 / rate);
`;
const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title>
<style>body{font:14px/20px sans-serif}td,th{padding:6px 12px;text-align:start}.selected,.current{background:#eef}</style>
<main hidden><h1>Executions</h1><table><thead><tr><th></th><th>Status</th><th>Workflow</th><th><button>Started</button></th><th>User</th><th>Id</th></tr></thead>
<tbody></tbody></table></main><script type="module">${SCRIPT}</script></html>`;

/** Puts the bare page beside the real one, on the origin of the same API. @returns its address */
export async function serveBarePage(page: Page, url: string, { pages = 1, changes = 0 } = {}): Promise<string> {
  await page.route(`${url}${PATH}`, (route) => route.fulfill({ contentType: 'text/html', body: HTML }));
  return `${url}${PATH}#${pages},${changes}`;
}
