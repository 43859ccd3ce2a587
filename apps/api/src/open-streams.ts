import type { MiddlewareHandler } from 'hono';

/** When clients come back after a stream has broken off, in milliseconds: spread, or all of them would ask at once. */
const COMES_BACK_MS = { from: 300, to: 1_000 };

export interface OpenStreams {
  /** Goes around what answers with server-sent events. */
  middleware: MiddlewareHandler;
  /** Breaks off every open stream: their clients come back, to another server where this one is going away. */
  cut(): void;
}

/** Keeps the streams that are open, so that a server that is told to stop need not wait for readers who never leave. */
export function createOpenStreams(): OpenStreams {
  const open = new Set<TransformStreamDefaultController<Uint8Array>>();

  function watched(events: ReadableStream<Uint8Array>, signal: AbortSignal): ReadableStream<Uint8Array> {
    let controller: TransformStreamDefaultController<Uint8Array>;
    const forget = () => void open.delete(controller);
    signal.addEventListener('abort', forget, { once: true });
    const pass = new TransformStream<Uint8Array, Uint8Array>({
      start(given) {
        controller = given;
        open.add(controller);
        const waitMs = COMES_BACK_MS.from + Math.floor(Math.random() * (COMES_BACK_MS.to - COMES_BACK_MS.from));
        controller.enqueue(new TextEncoder().encode(`retry: ${waitMs}\n\n`));
      },
      flush: forget,
    });
    return events.pipeThrough(pass);
  }

  return {
    async middleware(c, next) {
      await next();
      const isStream = c.res.headers.get('content-type')?.startsWith('text/event-stream');
      if (isStream && c.res.body) c.res = new Response(watched(c.res.body, c.req.raw.signal), c.res);
    },
    cut() {
      for (const controller of open) controller.terminate();
      open.clear();
    },
  };
}
