/** Temporal as a client: start, cancel, terminate, and the resolver that reads engine truth. Knows no database. */
export { type ConnectEngineOptions, connectEngine } from './connect-engine.ts';
export { createEngine, type EngineOptions } from './engine.ts';
export { engineOfEach } from './engine-of-each.ts';
export { failureSentence } from './failure-sentence.ts';
export { type CodecSource, createPayloadCodecs } from './payload-codecs.ts';
export { createPayloadDecoder } from './payload-decoder.ts';
export { createRecentHistories, type RecentHistories } from './recent-histories.ts';
export type { RunRef } from './run-history.ts';
export { createVisibility, type VisibilityOptions } from './visibility.ts';
export { createRunWatch, type WatchOptions, type WatchRun } from './watch-run.ts';
