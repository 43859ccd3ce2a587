import { createKept } from '../../parts/kept.ts';

const rows = createKept('runledger.rows', 'usual');

/** Whether rows take less room, in every list. */
export const useCompact = (): boolean => rows.use() === 'compact';

export const setCompact = (isCompact: boolean): void => rows.put(isCompact ? 'compact' : 'usual');
