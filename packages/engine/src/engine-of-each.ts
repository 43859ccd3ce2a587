import type { Engine } from '@runledger/contracts';

/**
 * One engine for namespaces that are reached differently: each call goes to the engine of its namespace, to the first one where nobody
 * has it. It answers a ping while any of them does, so that one that is away does not hold up the others.
 */
export function engineOfEach(engines: ReadonlyMap<string, Engine>): Engine {
  const [first] = engines.values();
  if (!first) throw new TypeError('engineOfEach needs at least one engine.');
  if (engines.size === 1) return first;
  const of = (namespace: string) => engines.get(namespace) ?? first;
  return {
    start: (request) => of(request.namespace).start(request),
    cancel: (target, request) => of(target.namespace).cancel(target, request),
    terminate: (target, request) => of(target.namespace).terminate(target, request),
    signal: (target, request) => of(target.namespace).signal(target, request),
    reset: (target, request) => of(target.namespace).reset(target, request),
    resolve: (target) => of(target.namespace).resolve(target),
    describeRun: (run) => of(run.namespace).describeRun(run),
    readTimeline: (chain) => of(chain.namespace).readTimeline(chain),
    describeNamespace: (namespace) => of(namespace).describeNamespace(namespace),
    hasNamespace: (namespace) => of(namespace).hasNamespace(namespace),
    async ping() {
      try {
        await Promise.any([...engines.values()].map((engine) => engine.ping()));
      } catch (error) {
        throw (error as AggregateError).errors[0];
      }
    },
  };
}
