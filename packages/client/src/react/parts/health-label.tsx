import { useWords } from '../words/use-words.tsx';
import type { TroubledHealth } from '../words/words.ts';
import { Icon } from './icon.tsx';

/** The icon alone, for where the word stands elsewhere in the same line; its colour is that of the text around it. */
export function HealthIcon({ health }: { health: TroubledHealth }) {
  return (
    <span className="rl rl-status" data-health={health}>
      <Icon name={health} />
    </span>
  );
}

/** What is the matter with an open execution; nothing where it runs as it should, or nobody has looked. */
export function HealthLabel({ health }: { health: TroubledHealth | 'live' | null | undefined }) {
  const words = useWords();
  if (!health || health === 'live') return null;
  return (
    <span className="rl rl-health" data-health={health}>
      <Icon name={health} />
      {words[health]}
    </span>
  );
}
