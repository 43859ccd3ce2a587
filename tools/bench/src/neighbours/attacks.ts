/** What one user can do to an API, each as hard as its default limits let them. */

/** One request of an attack, whole: until its answer has been read, or been left. */
type Ask = (target: AttackTarget, number: number) => Promise<number>;

export interface AttackTarget {
  url: string;
  token: string;
  /** A workflow of the attacker's. */
  workflowId: string;
  /** Executions of the attacker's with inputs of megabytes. */
  largeIds: readonly string[];
}

export interface Attack {
  /** Requests under way at once; each is followed by the next at once. */
  atOnce: number;
  ask: Ask;
}

/** Calls in one request: as many as the API takes. */
const CALLS = 20;
/** Executions in one call. */
const STARTS = 100;
/** Rows of a page: as many as there can be. */
const ROWS = 200;

/** One of the most expensive schemas that are taken; another one for each number, so that no answer is known. */
const expensiveSchema = (number: number) => ({
  title: String(number),
  unevaluatedProperties: false,
  allOf: Array.from({ length: 240 }, (_, i) => ({ properties: { [`p${i}`]: true } })),
});

const headersOf = ({ token }: AttackTarget) => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
});

async function read(target: AttackTarget, path: string): Promise<number> {
  const answer = await fetch(target.url + path, { headers: headersOf(target) });
  await answer.arrayBuffer();
  return answer.status;
}

async function post(target: AttackTarget, path: string, body: object | string): Promise<number> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = { method: 'POST', headers: headersOf(target), body: text };
  const answer = await fetch(target.url + path, request);
  await answer.arrayBuffer();
  return answer.status;
}

const query = (name: string, input: object) =>
  `/trpc/execution.${name}?input=${encodeURIComponent(JSON.stringify(input))}`;

/** `[0, 1, …]` as the body of a batch of one procedure. */
const batchOf = (path: string, input: (n: number) => object) =>
  [
    `/trpc/${Array(CALLS).fill(path).join()}?batch=1`,
    Object.fromEntries(Array.from({ length: CALLS }, (_, n) => [n, input(n)])),
  ] as const;

/** The costliest questions there are: from rows, under filters that no counter answers. */
const QUESTIONS = [
  query('getStats', { filter: 'status=failed,completed&not=tag:wheat', by: 'end', withPrevious: true, from: '-30d' }),
  query('getTimeSeries', { filter: 'text=declined', from: '-20d', step: 'hour' }),
  query('getStats', { filter: 'tag=rye', from: '-20d' }),
  query('search', { text: 'declined' }),
  query('countExecutions', { filter: 'text=nothing has this' }),
  query('getFailureGroups', { from: '-30d' }),
];

const listOf = (count: number, item: string) => `[${Array.from({ length: count }, () => item).join()}]`;

/** Inputs that take the longest to read, of up to 2 MB: refused unread, refused by their size, and taken. */
const LARGE_INPUTS = [
  listOf(950_000, '0'),
  listOf(249_000, '[]'),
  listOf(60_000, '{"a":1}'),
  `{${Array.from({ length: 29_000 }, (_, n) => `"key number ${n}":${n}`).join()}}`,
  JSON.stringify('x'.repeat(990_000)),
];

export const ATTACKS = {
  schemas: {
    atOnce: 5,
    ask: (target, number) => {
      const define = (n: number) => ({
        ...{ name: 'x', workflowType: 'order', taskQueue: 'nobody' },
        inputSchema: expensiveSchema(number * CALLS + n),
      });
      return post(target, ...batchOf('workflow.create', define));
    },
  },
  lists: { atOnce: 200, ask: (target) => read(target, query('listExecutions', { limit: ROWS })) },
  'batches of lists': {
    atOnce: 10,
    ask: (target) => {
      const [path] = batchOf('execution.listExecutions', () => ({}));
      const input = Object.fromEntries(Array.from({ length: CALLS }, (_, n) => [n, { limit: ROWS }]));
      return read(target, `${path}&input=${encodeURIComponent(JSON.stringify(input))}`);
    },
  },
  'lists of workflows': {
    atOnce: 200,
    ask: (target) => read(target, `/trpc/workflow.list?input=${encodeURIComponent(JSON.stringify({ limit: ROWS }))}`),
  },
  statistics: {
    atOnce: 200,
    ask: (target, number) => read(target, QUESTIONS[number % QUESTIONS.length] as string),
  },
  starts: {
    atOnce: 10,
    ask: (target) => {
      const executions = Array.from({ length: STARTS }, () => ({
        workflowId: target.workflowId,
        input: { note: 'x'.repeat(2_000) },
      }));
      return post(target, '/trpc/execution.createExecutions', { executions });
    },
  },
  'large inputs': {
    atOnce: 10,
    ask: (target, number) => {
      const input = LARGE_INPUTS[number % LARGE_INPUTS.length];
      return post(target, '/trpc/execution.createExecution', `{"workflowId":"${target.workflowId}","input":${input}}`);
    },
  },
  payloads: {
    atOnce: 10,
    ask: (target, number) => {
      const [id, other] = [0, 1].map((n) => target.largeIds[(number + n) % target.largeIds.length]);
      const compared = query('compareExecutions', { id, with: other });
      return read(target, number % 2 === 0 ? query('getExecution', { id }) : compared);
    },
  },
  'batches of payloads': {
    atOnce: 10,
    ask: (target, number) => {
      const [path] = batchOf('execution.getExecution', () => ({}));
      const { largeIds } = target;
      const input = Object.fromEntries(
        Array.from({ length: CALLS }, (_, n) => [n, { id: largeIds[(number + n) % largeIds.length] }]),
      );
      return read(target, `${path}&input=${encodeURIComponent(JSON.stringify(input))}`);
    },
  },
  streams: {
    atOnce: 40,
    async ask(target) {
      const leave = new AbortController();
      const headers = { ...headersOf(target), accept: 'text/event-stream' };
      const answer = await fetch(target.url + query('watchExecutions', { limit: ROWS }), {
        headers,
        signal: leave.signal,
      });
      if (!answer.ok) {
        await answer.arrayBuffer();
        return answer.status;
      }
      // Until the first page has come.
      let bytes = 0;
      for await (const chunk of answer.body ?? []) {
        bytes += chunk.length;
        if (bytes > 10_000) break;
      }
      leave.abort();
      return answer.status;
    },
  },
  exports: { atOnce: 20, ask: (target) => read(target, '/export.csv') },
} as const satisfies Record<string, Attack>;

export type AttackName = keyof typeof ATTACKS;
export const ATTACK_NAMES = Object.keys(ATTACKS) as AttackName[];
