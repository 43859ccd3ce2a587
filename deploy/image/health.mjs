// Whether the process in this container lives: the API answers at PORT, the worker at RUNLEDGER_HTTP_PORT.
const ports = [process.env.PORT, process.env.RUNLEDGER_HTTP_PORT].filter(Boolean);
const answers = await Promise.allSettled(
  ports.map(async (port) => {
    const { ok } = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2_000) });
    if (!ok) throw new Error(`port ${port} answers, and is not well`);
  }),
);
process.exit(answers.some(({ status }) => status === 'fulfilled') ? 0 : 1);
