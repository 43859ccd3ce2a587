import type { ReactNode } from 'react';

interface JsonLinesProps {
  /** As `JSON.stringify` indents it. */
  text: string;
  /** A line without its indentation. Default: as it is. */
  draw?: (line: string) => ReactNode;
}

/** JSON inside a `pre`, in lines that wrap below where they begin: however deep one stands, half of the width is left to it. */
export function JsonLines({ text, draw = (line) => line }: JsonLinesProps): ReactNode {
  return text.split('\n').map((line, index) => {
    const shown = line.trimStart();
    const indentation = `min(${line.length - shown.length}ch, 50%)`;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name and keep their order
      <span key={index} style={{ display: 'block', paddingInlineStart: indentation }}>
        {draw(shown)}
      </span>
    );
  });
}
