import type { LiveEvent, StreamSource } from './stream-source.ts';

type State = 'connecting' | 'live';
type Message = { kind: 'hello' } | { kind: 'state'; state: State } | { kind: 'event'; id: string; event: LiveEvent };

/**
 * One stream for all tabs of a browser: over HTTP/1.1 a browser has six connections to a server, and with a stream in each of six
 * tabs the seventh loads nothing. The tab that holds a lock has the stream and tells the others; when it closes, the next one
 * gets the lock and goes on after the last event that was told.
 *
 * @param key Names whose stream of which server it is: tabs of different users share nothing. `null`: it cannot be shared.
 */
export function shareBetweenTabs(source: StreamSource, key: () => Promise<string | null>): StreamSource {
  return {
    open(lastEventId, observer) {
      const left = new AbortController();
      const leave: (() => void)[] = [() => left.abort()];
      let last = lastEventId;

      async function join(): Promise<void> {
        const name = await key();
        if (left.signal.aborted) return;
        if (name === null) {
          leave.push(source.open(last, observer));
          return;
        }
        const channel = new BroadcastChannel(name);
        leave.push(() => channel.close());
        /** Of the stream, where this tab has it. */
        let own: State | null = null;
        channel.onmessage = (message: { data: unknown }) => {
          const data = message.data as Message;
          if (own !== null) {
            if (data.kind === 'hello') tell({ kind: 'state', state: own });
          } else if (data.kind === 'event') {
            last = data.id;
            observer.event(data.id, data.event);
          } else if (data.kind === 'state') observer.state(data.state);
        };
        const tell = (message: Message) => {
          if (!left.signal.aborted) channel.postMessage(message);
        };
        tell({ kind: 'hello' });

        const lead = () =>
          new Promise<void>((resolve) => {
            own = 'connecting';
            left.signal.addEventListener('abort', () => resolve(), { once: true });
            leave.push(
              source.open(last, {
                event(id, event) {
                  last = id;
                  observer.event(id, event);
                  tell({ kind: 'event', id, event });
                },
                state(state) {
                  own = state;
                  observer.state(state);
                  tell({ kind: 'state', state });
                },
                failed(error) {
                  observer.failed(error);
                  // The others find out for themselves.
                  own = null;
                  resolve();
                },
              }),
            );
          });
        // Leaving ends the waiting, too.
        await navigator.locks.request(name, { signal: left.signal }, lead).catch(() => {});
      }

      join().catch(observer.failed);
      return () => {
        for (const one of leave.reverse()) one();
      };
    },
  };
}
