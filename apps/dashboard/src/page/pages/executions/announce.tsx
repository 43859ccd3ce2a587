import { useEffect, useRef, useState } from 'react';
import type { ListedExecution } from '../../parts/status.tsx';

const APART_MS = 10_000;

/** What changed, for whoever does not see it: one sentence in ten seconds at most, never one for each row. */
export function Announce({ rows }: { rows: ListedExecution[] }) {
  const [said, say] = useState('');
  const latest = useRef(rows);
  latest.current = rows;
  useEffect(() => {
    let before = new Map<string, number>();
    const timer = setInterval(() => {
      const changed = latest.current.filter(({ id, revision }) => (before.get(id) ?? revision) !== revision);
      const failed = changed.filter(({ status }) => status === 'failed').length;
      before = new Map(latest.current.map(({ id, revision }) => [id, revision]));
      const executions = changed.length === 1 ? '1 execution' : `${changed.length} executions`;
      if (changed.length > 0) say(`${executions} changed${failed ? `, ${failed} failed` : ''}`);
    }, APART_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
