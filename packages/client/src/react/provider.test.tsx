import { dehydrate, HydrationBoundary, QueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { httpBatchLink } from '@trpc/client';
import { createTRPCReact } from '@trpc/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { ReactNode } from 'react';
import { StrictMode, Suspense } from 'react';
import { renderToString } from 'react-dom/server';
import { renderToReadableStream } from 'react-dom/server.edge';
import { describe, expect, test } from 'vitest';
import { createRunledgerClient } from '../client.ts';
import type { AppRouter } from '../router-types.ts';
import { api, createRunledgerReact, RunledgerProvider, useExecutions, useRunledger } from './index.ts';
import { App } from './provider.typecheck.tsx';

const Lost = () => useRunledger() && null;

function List() {
  const { trpc } = useRunledger();
  const { data } = useSuspenseQuery(trpc.execution.listExecutions.queryOptions({ limit: 5 }, { staleTime: 60_000 }));
  return <p>{data.items[0]?.id}</p>;
}

const Executions = () => useExecutions({ limit: 5 }).executions.map(({ id }) => <p key={id}>{id}</p>);

/** Hooks of an application's own router. */
const own = createTRPCReact<AppRouter>();

function Both() {
  own.system.health.useSuspenseQuery();
  api.execution.getRunCount.useSuspenseQuery();
  return null;
}

test('components that use the hooks render inside the provider, and wait for their data', () => {
  const page = renderToString(<App />);
  expect(page).toContain('nothing has ended yet');
  expect(page).toContain('<ul></ul>');
});

test('a hook outside of the provider says what is missing', () => {
  expect(() => renderToString(<Lost />)).toThrow('There is no RunledgerProvider around this component.');
});

test.each(['around', 'inside'])(
  'an application’s own tRPC hooks %s the provider call the application',
  async (where) => {
    const called: string[] = [];
    const notes =
      (whose: string): typeof globalThis.fetch =>
      async () => {
        called.push(whose);
        return Response.json([{ result: { data: { status: 'ok' } } }]);
      };
    const ownClient = own.createClient({ links: [httpBatchLink({ url: 'http://own/trpc', fetch: notes('own') })] });
    const runledger = createRunledgerReact({ url: 'http://x/trpc', getToken: () => null, fetch: notes('runledger') });
    const queryClient = new QueryClient();
    const inOwn = (children: ReactNode) => (
      <own.Provider client={ownClient} queryClient={queryClient}>
        {children}
      </own.Provider>
    );
    const inOurs = (children: ReactNode) => <RunledgerProvider runledger={runledger}>{children}</RunledgerProvider>;
    const both = (
      <Suspense fallback="…">
        <Both />
      </Suspense>
    );
    const stream = await renderToReadableStream(where === 'around' ? inOwn(inOurs(both)) : inOurs(inOwn(both)));
    await stream.allReady;
    expect(called).toEqual(['own', 'runledger']);
  },
);

describe('on a server', () => {
  /** Answers each call with whose it is. */
  const echoesToken: typeof globalThis.fetch = async (_, init) => {
    const id = `seen by ${new Headers(init?.headers).get('authorization')}`;
    return Response.json([
      {
        result: {
          data: {
            items: [{ id, startedAt: '2026-11-21T08:00:00.000000Z', status: 'running', completedAt: null }],
            nextCursor: null,
            searchedUntil: null,
            window: {},
            asOf: '2026-11-21T09:00:00Z',
            ignored: [],
          },
        },
      },
    ]);
  };

  test('no page shows what another user’s page has read', async () => {
    let user = '';
    const runledger = createRunledgerReact({ url: 'http://x/trpc', getToken: () => user, fetch: echoesToken });
    const page = async (name: string) => {
      user = name;
      const stream = await renderToReadableStream(
        <StrictMode>
          <RunledgerProvider runledger={runledger}>
            <Suspense fallback="…">
              <List />
            </Suspense>
          </RunledgerProvider>
        </StrictMode>,
      );
      await stream.allReady;
      return (await new Response(stream).text()).match(/seen by Bearer \w+/)?.[0];
    };
    expect([await page('anna'), await page('ben')]).toEqual(['seen by Bearer anna', 'seen by Bearer ben']);
  });

  test('one cache for all pages is refused with what to do; one for each is taken', () => {
    const page = (runledger: ReturnType<typeof createRunledgerReact>) =>
      renderToString(<RunledgerProvider runledger={runledger}>page</RunledgerProvider>);
    const of = (queryClient: QueryClient | (() => QueryClient)) =>
      createRunledgerReact({ url: 'http://x/trpc', getToken: () => null, fetch: echoesToken, queryClient });
    const shared = of(new QueryClient());
    expect(page(shared)).toBe('page');
    expect(() => page(shared)).toThrow('queryClient has to be a function');
    const each = of(() => new QueryClient());
    expect([page(each), page(each)]).toEqual(['page', 'page']);
  });

  test('a list that a server component has prefetched is there at once, without a call', async () => {
    const queries = new QueryClient();
    const client = createRunledgerClient({ url: 'http://x/trpc', getToken: () => 'anna', fetch: echoesToken });
    const prefetched = createTRPCOptionsProxy<AppRouter>({ client, queryClient: queries });
    await queries.prefetchInfiniteQuery(
      prefetched.execution.listExecutions.infiniteQueryOptions(
        { limit: 5 },
        { getNextPageParam: ({ nextCursor }) => nextCursor },
      ),
    );
    const runledger = createRunledgerReact({
      url: 'http://x/trpc',
      getToken: () => null,
      fetch: () => Promise.reject(new Error('It was read again.')),
    });
    const page = renderToString(
      <RunledgerProvider runledger={runledger}>
        <HydrationBoundary state={JSON.parse(JSON.stringify(dehydrate(queries)))}>
          <Executions />
        </HydrationBoundary>
      </RunledgerProvider>,
    );
    expect(page).toContain('seen by Bearer anna');
  });
});
