import type { Proof } from '@runledger/contracts';
import { SMALLEST_SAMPLES } from '@runledger/contracts/lag-samples';
import { duration } from '../../parts/numbers.ts';
import { SOURCES } from '../../parts/source-words.ts';

const nameOf = (source: string) => {
  const words = (SOURCES[source as keyof typeof SOURCES] ?? source).replace(/^the /, '');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** How long after their close the last hour's ends were recorded, by who noticed them. */
export function NoticedTable({ proof: { recorded, capped } }: { proof: Proof }) {
  const sources = Object.entries(recorded).sort(([, one], [, other]) => other.count - one.count);
  return (
    <>
      <h3 className="px-4 pt-3.5 pb-0.5 font-[620]">
        How soon an end is known{' '}
        <span className="font-normal text-muted">
          {capped ? 'last hour, of its latest 10,000 changes' : 'last hour'}
        </span>
      </h3>
      {sources.length === 0 ? (
        <p className="pad text-muted">Nothing ended in the last hour.</p>
      ) : (
        <table className="tbl">
          <caption className="sr-only">From the close to its record, by who noticed</caption>
          <thead>
            <tr>
              <th scope="col">Noticed by</th>
              <th scope="col" className="num">
                Ends
              </th>
              <th scope="col" className="num">
                Half
              </th>
              <th scope="col" className="num max-sm:hidden">
                95 %
              </th>
              <th scope="col" className="num max-sm:hidden">
                99 %
              </th>
              <th scope="col" className="num">
                Slowest
              </th>
            </tr>
          </thead>
          <tbody>
            {sources.map(([source, lag]) => {
              const part = (name: keyof typeof SMALLEST_SAMPLES) =>
                lag.count < SMALLEST_SAMPLES[name] ? '–' : duration(lag[name]);
              return (
                <tr key={source}>
                  <th scope="row">{nameOf(source)}</th>
                  <td className="num">{lag.count.toLocaleString('en-US')}</td>
                  <td className="num">{part('p50Ms')}</td>
                  <td className="num max-sm:hidden">{part('p95Ms')}</td>
                  <td className="num max-sm:hidden">{part('p99Ms')}</td>
                  <td className="num">{duration(lag.maxMs)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </>
  );
}
