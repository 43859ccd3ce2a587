import { EXECUTION_STATUSES } from '@runledger/contracts/status';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { WordsProvider } from '../words/use-words.tsx';
import { DEFAULT_WORDS } from '../words/words.ts';
import { Duration, ElapsedTime } from './duration.tsx';
import { HealthLabel } from './health-label.tsx';
import { LiveLabel } from './live-label.tsx';
import { ageOf, RelativeTime } from './relative-time.tsx';
import { StatusLabel } from './status-label.tsx';

const AT = '2026-11-29T12:00:00Z';

test.each(EXECUTION_STATUSES)('the status %s is an icon and a word, and no two have the same icon', (status) => {
  const drawn = EXECUTION_STATUSES.map((each) => renderToString(<StatusLabel status={each} />));
  const shown = renderToString(<StatusLabel status={status} />);
  expect(shown).toContain(DEFAULT_WORDS[status]);
  const shape = /<svg.*<\/svg>/.exec(shown)?.[0];
  expect(drawn.filter((each) => shape && each.includes(shape))).toHaveLength(1);
});

test('an execution that runs as it should, or that nobody has looked at, has no label of health', () => {
  expect([renderToString(<HealthLabel health="live" />), renderToString(<HealthLabel health={null} />)]).toEqual([
    '',
    '',
  ]);
  expect(renderToString(<HealthLabel health="wedged" />)).toContain('Wedged');
});

test('an age on a server is the instant: nobody knows there when the page is looked at', () => {
  expect(renderToString(<RelativeTime at={AT} />)).toContain('>29 Nov 2026, 12:00 UTC</time>');
  expect(renderToString(<ElapsedTime since={AT} />)).toContain('>–<');
});

test('what is to come, as a clock that is wrong by hours has it, is not just now', () => {
  const now = Date.parse(AT);
  const later = (ms: number) => ageOf(new Date(now + ms).toISOString(), now);
  expect(later(5 * 3_600_000)).toBeNull();
  expect([later(30_000), later(-120_000)]).toEqual([0, 120_000]);
});

test('what took unknown time says nothing, not 0', () => {
  expect(renderToString(<Duration ms={null} />)).toContain('>–<');
  expect(renderToString(<Duration ms={4_630} />)).toContain('>4.6 s<');
});

test.each([
  [0, 'just now'],
  [59_999, 'just now'],
  [119_000, '1 min ago'],
  [7_199_000, '1 h ago'],
  [3 * 86_400_000 + 5, '3 d ago'],
])('an age of %i ms is in whole units: %s', (ms, text) => expect(DEFAULT_WORDS.ago(ms)).toBe(text));

test('a connection that is away says since when nothing is known', () => {
  const since = Date.parse(AT);
  expect(renderToString(<LiveLabel live={{ state: 'live', since, error: null }} />)).toContain('Live');
  expect(renderToString(<LiveLabel live={{ state: 'reconnecting', since, error: null }} />)).toContain(
    'Reconnecting since',
  );
  expect(renderToString(<LiveLabel live={{ state: 'off', since, error: null }} />)).toBe('');
});

test('words of the nearest provider are used, and of the outer one for what it leaves', () => {
  const page = renderToString(
    <WordsProvider words={{ failed: 'Gescheitert', late: 'Spät' }}>
      <WordsProvider words={{ failed: 'Not delivered' }}>
        <StatusLabel status="failed" />
        <HealthLabel health="late" />
      </WordsProvider>
    </WordsProvider>,
  );
  expect(page).toContain('Not delivered');
  expect(page).toContain('Spät');
  expect(page).not.toContain('Gescheitert');
});
