import { COME_BACK } from './come-back.ts';

/**
 * What a subscription throws is refused as what a call throws. tRPC asks for the next event while its reader has yet to take the one
 * before: a failure meanwhile has nobody who hears it so far, which ends Node. Whoever asked is told when they listen.
 */
export function refusing<T>(events: AsyncIterable<T>, refuse: (thrown: unknown) => Error): AsyncGenerator<T, void> {
  const refused = refuseThrown(events, refuse);
  const next = refused.next.bind(refused);
  refused.next = () => {
    const asked = next();
    asked.catch(() => {});
    return asked;
  };
  return refused;
}

async function* refuseThrown<T>(events: AsyncIterable<T>, refuse: (thrown: unknown) => Error): AsyncGenerator<T, void> {
  try {
    yield* events;
  } catch (error) {
    throw error === COME_BACK ? error : refuse(error);
  }
}
