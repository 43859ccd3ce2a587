import { askFirst } from './asked-first.ts';
import { addressOf, BASE, config } from './config.ts';
import { listInput, readListAddress } from './pages/executions/list-address.ts';
import { isFresh, readStoredScope, readStoredSession } from './session/stored.ts';

/** Longer ones are asked for by the page itself, in characters. */
const LONGEST_URL = 2_000;

// A script of its own of a few KB, which runs while the page's come: the list asks for its rows, and for the proof, as its page would.
const session = readStoredSession();
if (session && isFresh(session) && location.pathname === `${BASE}executions`) {
  const input = {
    0: { ...listInput(readListAddress(location.search), readStoredScope(session)), cursor: null, direction: 'forward' },
    1: { namespace: config.namespace },
  };
  const url = `${addressOf('trpc')}/execution.listExecutions,system.getProof?batch=1&input=${encodeURIComponent(JSON.stringify(input))}`;
  if (url.length <= LONGEST_URL) askFirst(url, session.access_token);
}
