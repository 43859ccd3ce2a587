import type { Publishing } from '@runledger/router';
import type { Env } from './env.ts';

/** What the environment says of who may publish, and of what publishers see. */
export function readPublishing(
  env: Pick<Env, 'RUNLEDGER_PUBLISHERS' | 'RUNLEDGER_OWNERS_SEE_ROWS'>,
): Partial<Publishing> {
  return {
    ...(env.RUNLEDGER_PUBLISHERS === 'everyone' ? { mayPublish: () => true } : {}),
    ...(env.RUNLEDGER_OWNERS_SEE_ROWS ? { maySeeRows: () => true } : {}),
  };
}
