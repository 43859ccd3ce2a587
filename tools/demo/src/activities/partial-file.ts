import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the frames of a run gather until the video is whole. */
export const partialFile = (runId: string) => join(tmpdir(), `runledger-demo-${runId}.part`);
