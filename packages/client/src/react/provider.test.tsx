import { useSuspenseQuery } from '@tanstack/react-query';
import { StrictMode, Suspense } from 'react';
import { renderToString } from 'react-dom/server';
import { renderToReadableStream } from 'react-dom/server.edge';
import { describe, expect, test } from 'vitest';
import { createRunledgerReact, RunledgerProvider, useRunledger } from './index.ts';
import { App } from './provider.typecheck.tsx';

const Lost = () => useRunledger() && null;

function List() {
  const { trpc } = useRunledger();
  const { data } = useSuspenseQuery(trpc.execution.listExecutions.queryOptions({ limit: 5 }, { staleTime: 60_000 }));
  return <p>{data.items[0]?.id}</p>;
}

test('components that use the hooks render inside the provider, and wait for their data', () => {
  const page = renderToString(<App />);
  expect(page).toContain('nothing has ended yet');
  expect(page).toContain('<ul></ul>');
});

test('a hook outside of the provider says what is missing', () => {
  expect(() => renderToString(<Lost />)).toThrow('There is no RunledgerProvider around this component.');
});

describe('on a server', () => {
  /** Answers each call with whose it is. */
  const echoesToken: typeof globalThis.fetch = async (_, init) => {
    const id = `seen by ${new Headers(init?.headers).get('authorization')}`;
    return Response.json([
      {
        result: {
          data: {
            items: [{ id }],
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
});
