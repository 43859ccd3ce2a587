/** Aborted by the first SIGTERM or SIGINT; the second one exits at once. */
export function shutdownSignal(process: Pick<NodeJS.Process, 'on' | 'exit'>): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Error(`received ${signal}`));
    });
  }
  return controller.signal;
}
