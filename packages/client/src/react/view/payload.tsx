import type { ReactNode } from 'react';
import { JsonLines } from './json-lines.tsx';

/** Longest text of a payload that is drawn, in characters. */
const LONGEST = 20_000;

/** A payload as indented JSON, the beginning of a long one; what is given inside where there is none. */
export function Payload({ title, value, children }: { title: string; value: unknown; children: ReactNode }) {
  const text = value === null || value === undefined ? null : JSON.stringify(value, null, 2);
  return (
    <section className="rl-section">
      <h3>{title}</h3>
      {text === null ? (
        <p className="rl-muted">{children}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
        <pre tabIndex={0}>
          <JsonLines text={text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text} />
        </pre>
      )}
    </section>
  );
}
