import { ExecutionError } from '@runledger/contracts';
import { z } from 'zod';
import type { ReadBody } from '../body-check.ts';
import type { Tool } from './tools.ts';

/** Messages of one request: as many as calls of a batch. */
const MOST_MESSAGES = 20;

export interface Messages {
  /** As they were sent: one, or a list; without what would cancel one of them, which then nobody would answer. */
  body: unknown;
  /** How many call no tool that there is; those that do count by themselves. */
  others: number;
}

/**
 * Reads a request of the Model Context Protocol.
 * @param tools Those that there are. @throws ExecutionError `invalid_input`
 */
export async function readMessages(
  { url, text }: { url: string; text: string },
  { tools, read }: { tools: readonly Tool[]; read: ReadBody },
): Promise<Messages> {
  const body = await read({ url, body: text }, () => parse(text));
  const messages = [body].flat();
  if (messages.length > MOST_MESSAGES)
    throw new ExecutionError('invalid_input', `A request has ${MOST_MESSAGES} messages at most.`);
  const calls = messages.filter((message) => {
    const call = Call.safeParse(message);
    return call.success && tools.some(({ name }) => name === call.data.params.name);
  });
  const kept = messages.filter((message) => !Cancelled.safeParse(message).success);
  const isChanged = kept.length > 0 && kept.length < messages.length;
  return { body: isChanged ? kept : body, others: messages.length - calls.length };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ExecutionError('invalid_input', 'The body has to be JSON: a message of the Model Context Protocol.');
  }
}

/** Of another request it cancels nothing: there are no sessions. */
const Cancelled = z.object({ method: z.literal('notifications/cancelled') });

/** A call that gets as far as its procedure, by which it counts. */
const Call = z.object({
  method: z.literal('tools/call'),
  params: z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()).optional() }),
});
