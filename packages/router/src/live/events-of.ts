import type { TrackedEnvelope } from '@trpc/server';
import { isTrackedEnvelope, tracked } from '@trpc/server';
import { z } from 'zod';

/** The output of a subscription: each event is checked as the output of a query is. */
export function eventsOf<Event extends z.ZodType>(event: Event) {
  return z
    .custom<AsyncIterable<TrackedEnvelope<z.input<Event>>, void>>(
      (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
    )
    .transform(async function* (events): AsyncGenerator<TrackedEnvelope<z.output<Event>>, void> {
      for await (const one of events) {
        if (!isTrackedEnvelope(one)) throw new TypeError('A subscription gave an event without an id');
        const [id, data] = one;
        yield tracked(id, await event.parseAsync(data));
      }
    });
}
