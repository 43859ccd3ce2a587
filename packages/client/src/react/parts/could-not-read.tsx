import { executionErrorCode } from '../../client-error.ts';
import { useWords } from '../words/use-words.tsx';
import { Notice } from './states.tsx';

/** In place of an execution that could not be read. One of somebody else's reads as one that does not exist. */
export function CouldNotRead({ error, retry }: { error: unknown; retry(): void }) {
  const words = useWords();
  if (executionErrorCode(error) === 'not_found') return <Notice title={words.notFound} isError />;
  return (
    <Notice title={words.executionErrorTitle} isError>
      <p>{words.errorText}</p>
      <button type="button" className="rl-button" onClick={retry}>
        {words.tryAgain}
      </button>
    </Notice>
  );
}
