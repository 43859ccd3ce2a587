import { useSearchParams } from 'wouter';
import { windowWords } from '../pages/executions/filter-words.ts';
import { Menu } from './menu.tsx';
import { useClock } from './time.tsx';

const PRESETS = ['-1h', '-24h', '-7d', '-14d', '-30d'];

/** Which window the page is of; it stands in the address. */
export function WindowMenu({ text }: { text: { from: string; to: string | null } }) {
  const clock = useClock();
  const [, setSearch] = useSearchParams();
  const words = (from: string) => windowWords(from, undefined, clock);
  return (
    <Menu
      label={
        <>
          <span className="sr-only">Window: </span>
          {windowWords(text.from, text.to ?? undefined, clock)}
        </>
      }
    >
      {(close) =>
        PRESETS.map((from) => (
          <button
            key={from}
            type="button"
            className="menu-item"
            onClick={() => {
              setSearch((before) => {
                before.set('from', from);
                before.delete('to');
                return before;
              });
              close();
            }}
          >
            {words(from)}
          </button>
        ))
      }
    </Menu>
  );
}
