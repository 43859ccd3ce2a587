import type { ExecutionFilter } from '@runledger/contracts/filter';
import { Notice } from '../../parts/notice.tsx';
import { shorterWindows } from './shorter-windows.ts';

interface TooMuchProps {
  filter: ExecutionFilter;
  onChange: (filter: ExecutionFilter) => void;
}

/** What the database gave up on is found where there is less to look through. */
export function TooMuch({ filter, onChange }: TooMuchProps) {
  const windows = shorterWindows(filter, Date.now());
  return (
    <Notice>
      <p>
        {`To look through all of this takes too long. ${filter.workflowIds ? 'Choose a shorter window.' : 'Add a workflow, or choose a shorter window.'}`}
      </p>
      <span className="flex flex-wrap gap-2">
        {windows.map(({ from, label }) => (
          <button key={from} type="button" className="btn" onClick={() => onChange({ ...filter, from, to: undefined })}>
            {label}
          </button>
        ))}
      </span>
    </Notice>
  );
}
