import type { MiddlewareHandler } from 'hono';

/** When clients come back after a stream has broken off, in milliseconds: spread, or all of them would ask at once. */
const COMES_BACK_MS = { from: 300, to: 1_000 };

export interface OpenStreams {
  /**
   * Goes around what answers with server-sent events; sets `gone`, which is aborted when nobody reads them any more, and of a stream
   * `begun`, which resolves with its first event, or when it ends without one.
   */
  middleware: MiddlewareHandler<{ Variables: { gone: AbortSignal; begun?: Promise<void> } }>;
  /** Breaks off every open stream: their clients come back, to another server where this one is going away. */
  cut(): void;
}

interface Open {
  controller: TransformStreamDefaultController<Uint8Array>;
  gone: AbortController;
}

/**
 * Keeps the streams that are open, so that a server that is told to stop need not wait for readers who never leave.
 * @param opened Told of each stream; what it returns is called when that ends.
 */
export function createOpenStreams(opened: () => () => void = () => () => {}): OpenStreams {
  const open = new Set<Open>();

  /** Passes events on, and notes whatever ends them: their source, their reader, the connection. */
  function watched(
    events: ReadableStream<Uint8Array>,
    { gone, begin }: { gone: AbortController; begin: () => void },
  ): ReadableStream<Uint8Array> {
    let stream: Open;
    let isConnected = false;
    const closed = opened();
    const end = () => {
      begin();
      open.delete(stream);
      closed();
      gone.abort();
    };
    const pass = new TransformStream<Uint8Array, Uint8Array>({
      start(controller) {
        stream = { controller, gone };
        open.add(stream);
        gone.signal.addEventListener('abort', end, { once: true });
        const waitMs = COMES_BACK_MS.from + Math.floor(Math.random() * (COMES_BACK_MS.to - COMES_BACK_MS.from));
        controller.enqueue(new TextEncoder().encode(`retry: ${waitMs}\n\n`));
      },
      transform(chunk, controller) {
        // The first one only says that the stream is there.
        if (isConnected) begin();
        isConnected = true;
        controller.enqueue(chunk);
      },
      flush: end,
      cancel: end,
    });
    return events.pipeThrough(pass);
  }

  return {
    async middleware(c, next) {
      const gone = new AbortController();
      c.set('gone', gone.signal);
      // The connection may be gone before there is an answer.
      const left = c.req.raw.signal;
      const leave = () => gone.abort();
      if (left.aborted) leave();
      else left.addEventListener('abort', leave, { once: true });
      await next();
      const isStream = c.res.headers.get('content-type')?.startsWith('text/event-stream');
      if (!isStream || !c.res.body) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      c.set('begun', promise);
      c.res = new Response(watched(c.res.body, { gone, begin: resolve }), c.res);
    },
    cut() {
      for (const { controller, gone } of [...open]) {
        controller.terminate();
        gone.abort();
      }
    },
  };
}
