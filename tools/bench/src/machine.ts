import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** Where figures were taken: they mean nothing without it. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]?.toFixed(1);
  return `${cpus().length} × ${cpu?.model.trim()}, ${memory} GB, ${type()} ${release()}, Node ${process.version}, load ${load}`;
}
