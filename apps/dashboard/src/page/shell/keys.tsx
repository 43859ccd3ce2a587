import { useEffect, useRef, useState } from 'react';
import { tinykeys } from 'tinykeys';
import { useLocation } from 'wouter';
import { Dialog } from '../parts/dialog.tsx';
import { useChooseZone, useZone } from '../parts/time.tsx';
import { useSession } from '../session/session.ts';
import { isOverlaid, openPalette, show } from './overlays.ts';
import { placesOf } from './places.ts';

const STORED = 'runledger.keys';
/** Whether single letters are shortcuts; somebody who speaks to the machine may not want that. */
export const areLettersOn = () => localStorage.getItem(STORED) !== 'off';

type Handler = (event: KeyboardEvent) => void;

/** Not while somebody writes, nor beneath a dialog or a menu, whose Escape it is. Enter belongs to the link or button that has the focus. */
function isBusy({ target, key }: KeyboardEvent): boolean {
  const element = target as HTMLElement;
  return (
    element.matches?.('input:not([type=checkbox]), textarea, select, [contenteditable]') ||
    (key === 'Enter' && element.matches?.('a, button, summary')) ||
    document.querySelector('dialog[open], :popover-open') !== null ||
    isOverlaid()
  );
}

/** Letters that an input method composes, and a key that is held down, but for moving on. In which elements a key is heard, its handler decides. */
const isNotMeant = ({ isComposing, repeat, key }: KeyboardEvent) =>
  isComposing || (repeat && key !== 'j' && key !== 'k');

/** How long the second key of a pair is waited for, in milliseconds. */
const PAIR_MS = 1_000;
let last = { key: '', at: 0 };
/**
 * The key that is pressed is the second of a pair, and does nothing by itself: `g f` goes to the failures, `f` adds a filter. Not told by
 * tinykeys: two pairs within a second are one to it (4.0).
 */
let isSecond = false;
addEventListener(
  'keydown',
  ({ key, timeStamp: at }) => {
    isSecond = last.key === 'g' && at - last.at < PAIR_MS;
    last = { key: isSecond ? '' : key, at };
  },
  true,
);

/** Single letters do nothing in fields and dialogs, and can be switched off. @param keys As tinykeys writes them; of pairs the first is `g`. */
export function usePageKeys(keys: Record<string, Handler>): void {
  const latest = useRef(keys);
  latest.current = keys;
  const names = Object.keys(keys).join(' ');
  useEffect(() => {
    const bound = Object.keys(latest.current).map((key): [string, Handler] => [
      key.replace('g ', ''),
      (event) => {
        if (isBusy(event) || !areLettersOn() || isSecond !== key.startsWith('g ')) return;
        event.preventDefault();
        latest.current[key]?.(event);
      },
    ]);
    return tinykeys(window, Object.fromEntries(bound), { ignore: isNotMeant });
  }, [names]);
}

/** Of every page. */
export function useKeys(): void {
  const [, go] = useLocation();
  const zone = useZone();
  const choose = useChooseZone();
  usePageKeys({
    ...Object.fromEntries(placesOf(null).map(({ keys, href }) => [keys, () => go(href)])),
    z: () => choose(zone === 'UTC' ? 'local' : 'UTC'),
    ...withAndWithoutShift('/', focusSearch),
    ...withAndWithoutShift('?', () => show('keys')),
  });
  useEffect(
    () =>
      tinykeys(
        window,
        {
          '$mod+k': (event) => {
            event.preventDefault();
            openPalette();
          },
        },
        { ignore: isNotMeant },
      ),
    [],
  );
}

/** A sign that one keyboard has on a key of its own needs Shift on another: `/` is Shift 7 in Germany. */
const withAndWithoutShift = (sign: string, act: Handler): Record<string, Handler> => ({
  [sign]: act,
  [`Shift+${sign}`]: act,
});

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  if (field) field.focus();
  else openPalette();
}

const KEYS: [string, string][] = [
  ['Ctrl K, ⌘K', 'Go to anything'],
  ['/', 'Search'],
  ['j, k', 'Next, previous row; on an execution, of the list it came from'],
  ['Enter', 'Open the row'],
  ['x, Shift x', 'Select the row, all up to it'],
  ['f', 'Add a filter'],
  ['e', 'Only failed ones'],
  ['n', 'Show the new ones'],
  ['r', 'Rerun …'],
  ['c', 'Cancel …'],
  ['y, i', 'Copy the link, the id'],
  ['z', 'Times in UTC, or here'],
  ['t', 'Steps: then ← → and + − 0'],
  ['?', 'This list'],
  ['Esc', 'Close, clear the selection, leave the field'],
];

export function KeyList({ onClose }: { onClose: () => void }) {
  const [isOn, setOn] = useState(areLettersOn);
  const places = placesOf(useSession());
  const all = [...KEYS, ...places.map(({ keys, label }) => [keys, label] as const)];
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {all.map(([keys, does]) => (
          <div key={keys} className="contents">
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-4 flex items-center gap-2">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => {
            localStorage.setItem(STORED, event.target.checked ? 'on' : 'off');
            setOn(event.target.checked);
          }}
        />
        Single letters are shortcuts
      </label>
      <div className="acts">
        <button type="button" className="btn" data-autofocus onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
