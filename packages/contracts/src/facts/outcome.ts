/** The parts of an outcome beside how and when it ended, of an end of which nothing else is known. */
export const EMPTY_OUTCOME = {
  runId: null,
  firstRunId: null,
  engineStartedAt: null,
  firstTaskAt: null,
  output: null,
  outputNote: null,
  failure: null,
  errorMessage: null,
  actor: null,
  reason: null,
  runs: [] as never[],
};
