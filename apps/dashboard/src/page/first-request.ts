import { askFirst } from './asked-first.ts';
import { addressOf, BASE, config } from './config.ts';
import { listInput, readListAddress } from './pages/executions/list-address.ts';
import { isFresh, readStoredScope, readStoredSession } from './session/stored.ts';

/** Longer ones are asked for by the page itself, in characters. */
const LONGEST_URL = 2_000;

type Call = [procedure: string, input: object];

// A script of its own of a few KB, which runs while the page's come: the two pages that people open most ask for what they show, in
// the words in which they would ask themselves.
const session = readStoredSession();
if (session && isFresh(session))
  for (const url of firstRequests(location.pathname.slice(BASE.length), readStoredScope(session)).map(urlOf))
    if (url.length <= LONGEST_URL) askFirst(url, session.access_token);

/** What the page at an address asks, each request with its calls. */
function firstRequests(address: string, scope: 'caller' | 'everyone'): Call[][] {
  const proof: Call = ['system.getProof', { namespace: config.namespace }];
  if (address === 'executions') {
    const list = listInput(readListAddress(location.search), scope);
    return [[['execution.listExecutions', { ...list, direction: 'forward' }], proof]];
  }
  const id = /^executions\/([\w-]+)$/.exec(address)?.[1];
  if (!id) return [];
  const call = (name: string): Call => [`execution.${name}`, { id }];
  return [
    [call('explainExecution')],
    [call('getTimeline')],
    [call('getExecution'), call('getRequests'), call('getProgress'), proof],
  ];
}

function urlOf(calls: Call[]): string {
  const [[, first] = []] = calls;
  const input = calls.length === 1 ? first : Object.fromEntries(calls.map(([, one], n) => [n, one]));
  const names = calls.map(([name]) => name).join();
  return `${addressOf('trpc')}/${names}?${calls.length === 1 ? '' : 'batch=1&'}input=${encodeURIComponent(JSON.stringify(input))}`;
}
