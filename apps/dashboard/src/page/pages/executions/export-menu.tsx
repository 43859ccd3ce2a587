import { Download } from 'lucide-react';
import { useState } from 'react';
import { addressOf } from '../../config.ts';
import { Menu } from '../../parts/menu.tsx';
import { getToken } from '../../session/session.ts';

const FORMATS = [
  ['csv', 'CSV, for a spreadsheet'],
  ['ndjson', 'NDJSON, a line of JSON each'],
] as const;

/** All rows of the filter, not only those that are shown, straight into a file. */
export function ExportMenu({ filter }: { filter: string }) {
  const [told, tell] = useState('');

  async function download(format: string): Promise<void> {
    tell('Exporting …');
    const token = await getToken();
    const answer = await fetch(addressOf(`export.${format}?${filter}`), {
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
    if (!answer.ok) return tell(`The export was refused (${answer.status}).`);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `executions.${format}`;
    link.click();
    URL.revokeObjectURL(link.href);
    tell('');
  }

  return (
    <Menu
      className="btn quiet"
      label={
        <>
          <Download className="size-4 md:hidden" aria-hidden="true" />
          <span className="max-md:sr-only">Export</span>
        </>
      }
    >
      {(close) => (
        <>
          {FORMATS.map(([format, label]) => (
            <button
              key={format}
              type="button"
              className="menu-item"
              onClick={() => void download(format).then(close, () => tell('The export was cut off; try again.'))}
            >
              {label}
            </button>
          ))}
          <p role="status" className="px-2 text-[12.5px] text-faint">
            {told}
          </p>
        </>
      )}
    </Menu>
  );
}
