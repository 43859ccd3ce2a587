/** The least that a team would write of the list: React and a table. It shows the same rows, and writes as many changes into them. */
import { memo, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

interface Row {
  id: string;
  status: string;
  startedAt: string;
  createdBy: string;
  workflow: { name: string };
}

const PAGE_ROWS = 100;
const [pages = 1, changes = 0] = location.hash.slice(1).split(',').map(Number);
const { access_token: token } = JSON.parse(localStorage['runledger.session']) as { access_token: string };

async function read(cursor: string | null): Promise<{ items: Row[]; nextCursor: string | null }> {
  const input = encodeURIComponent(JSON.stringify({ status: ['running'], limit: PAGE_ROWS, cursor }));
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`/trpc/execution.listExecutions?input=${input}`, { headers });
  return (await answer.json()).result.data;
}

const Line = memo(function Line({ row, isCurrent }: { row: Row; isCurrent: boolean }) {
  const [isSelected, setSelected] = useState(false);
  return (
    <tr data-id={row.id} style={{ background: isSelected || isCurrent ? '#eef' : undefined }}>
      <td>
        <input type="checkbox" checked={isSelected} onChange={() => setSelected(!isSelected)} />
      </td>
      <td>{row.status}</td>
      <td>{row.workflow.name}</td>
      <td>{new Date(row.startedAt).toLocaleString('en')}</td>
      <td>{row.createdBy}</td>
      <td>{row.id}</td>
    </tr>
  );
});

function Bare() {
  const [rows, setRows] = useState<Row[]>([]);
  const [current, setCurrent] = useState(-1);
  useEffect(() => {
    async function readAll(): Promise<void> {
      let cursor: string | null = null;
      for (let page = 0; page < pages; page++) {
        const { items, nextCursor } = await read(cursor);
        setRows((before) => [...before, ...items]);
        cursor = nextCursor;
      }
    }
    void readAll();
    addEventListener('keydown', ({ key }) => key === 'j' && setCurrent((before) => before + 1));
    if (changes === 0) return;
    const timer = setInterval(() => {
      setRows((before) => {
        const at = Math.floor(Math.random() * before.length);
        return before.map((row, index) => (index === at ? { ...row, status: `changed ${Date.now() % 100}` } : row));
      });
    }, 1_000 / changes);
    return () => clearInterval(timer);
  }, []);
  if (rows.length === 0) return null;
  return (
    <>
      <h1>Executions</h1>
      <table>
        <thead>
          <tr>
            <th>Select</th>
            <th>Status</th>
            <th>Workflow</th>
            <th>
              <button type="button" onClick={() => setRows(rows.toReversed())}>
                Started
              </button>
            </th>
            <th>User</th>
            <th>Id</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Line key={row.id} row={row} isCurrent={index === current} />
          ))}
        </tbody>
      </table>
    </>
  );
}

createRoot(document.querySelector('main') as HTMLElement).render(<Bare />);
