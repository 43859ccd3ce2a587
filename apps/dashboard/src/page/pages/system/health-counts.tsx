import { Figure } from '../../parts/figure.tsx';
import type { Health } from '../../parts/status.tsx';
import { HEALTH_LABELS } from '../../parts/status.tsx';
import { listHref } from '../executions/list-address.ts';

interface HealthCountsProps {
  counts: Partial<Record<Health, number>>;
  asOf: string;
  exactness: 'exact' | 'capped';
  /** The list that each leads to has exactly these. */
  isLinked: boolean;
}

/** Open executions by how they stand, as lines of a list of facts. */
export function HealthCounts({ counts, asOf, exactness, isLinked }: HealthCountsProps) {
  return (Object.entries(counts) as [Health, number][]).map(([name, count]) => (
    <div key={name} className="contents">
      <dt>{HEALTH_LABELS[name]}</dt>
      <dd>
        <Figure value={count} exactness={exactness} asOf={asOf} href={isLinked ? listHref({ health: [name] }) : null} />
      </dd>
    </div>
  ));
}
