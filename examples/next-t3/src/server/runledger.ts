import 'server-only';
import type { Runledger } from 'runledger';
import { createRunledger } from 'runledger';

// Next loads this module anew with every change of a source: the connections stay.
const kept = globalThis as { runledger?: Runledger };

/** Made with the first request, so that `next build` needs no environment. */
export const runledger = (): Runledger => (kept.runledger ??= createRunledger());
