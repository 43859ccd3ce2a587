import type { ChainRun, Engine, Resolution } from '@runledger/contracts';

/** The run that a reset terminated, where the chain has one. */
function cutRun(runs: ChainRun[]): ChainRun | undefined {
  return runs.find(({ status }, index) => status === 'terminated' && runs[index + 1]?.cause === 'reset');
}

/** Wrong: believes the terminate of Temporal's own `history-resetter`, as a resolver does that reads only the close event. */
export function believeResetIsAnEnd(engine: Engine): Engine {
  return {
    ...engine,
    async resolve(target): Promise<Resolution> {
      const truth = await engine.resolve(target);
      if (truth.kind === 'not_found') return truth;
      const read = truth.kind === 'open' ? truth.open : truth.outcome;
      const cut = cutRun(read.runs);
      if (!cut) return truth;
      return {
        kind: 'closed',
        outcome: {
          ...{ status: 'terminated', runId: cut.runId, firstRunId: read.firstRunId },
          ...{ engineStartedAt: read.engineStartedAt, firstTaskAt: read.firstTaskAt },
          closedAt: cut.closedAt ?? new Date().toISOString(),
          ...{ output: null, outputNote: null, failure: null, errorMessage: 'Terminated' },
          ...{ actor: 'history-resetter', reason: null, runs: [cut] },
        },
      };
    },
  };
}
