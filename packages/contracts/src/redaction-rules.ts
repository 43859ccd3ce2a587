import { z } from 'zod';

/** The parts of an execution in which something may be redacted. */
export const REDACTABLE = ['input', 'output', 'failure', 'stateSnapshot', 'metadata', 'progress'] as const;
export type Redactable = (typeof REDACTABLE)[number];

/** Redacts everything: for a workflow that nobody knows. */
export const ALL_REDACTED: readonly string[] = REDACTABLE.map((part) => `/${part}`);

/** Most pointers of a workflow, and of each most characters and levels. */
const BOUNDS = { pointers: 50, characters: 300, levels: 20 } as const;

/**
 * A JSON pointer (RFC 6901) into an execution as the API shows it: `/input/card/number`, `/output`, `/failure`. A level that
 * is `*` is every one. It redacts too much rather than too little: a name that meets a list is looked for in each of its
 * items, and text or a number where the pointer goes on is redacted whole.
 */
export const RedactionPointer = z
  .string()
  .max(BOUNDS.characters)
  .refine((text) => (REDACTABLE as readonly string[]).includes(segmentsOf(text)[0] ?? ''), {
    message: `must begin with ${REDACTABLE.map((part) => `/${part}`).join(', ')}`,
  })
  .refine((text) => segmentsOf(text).length <= BOUNDS.levels, { message: `must have at most ${BOUNDS.levels} levels` })
  .refine((text) => !/~(?![01])/.test(text), { message: 'must write ~ as ~0 and / as ~1 within a name' });

/** What a workflow redacts of its executions. */
export const Redaction = z.array(RedactionPointer).max(BOUNDS.pointers);
export type Redaction = z.infer<typeof Redaction>;

/** The levels of a pointer, decoded; none where it does not begin with a slash. */
export function segmentsOf(pointer: string): string[] {
  if (!pointer.startsWith('/')) return [];
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The pointers into one part of an execution, each as its levels below that. */
export function pointersInto(redact: readonly string[], part: Redactable): string[][] {
  return redact.flatMap((pointer) => {
    const [first, ...rest] = segmentsOf(pointer);
    return first === part ? [rest] : [];
  });
}

/**
 * Whether an error message is hidden: by every pointer into the failure but those to its details or its stack, which hide it
 * only where it is the error itself as JSON. The same rule as `runledger_private.hides_error`.
 */
export function hidesError(redact: readonly string[], message: string): boolean {
  return pointersInto(redact, 'failure').some(
    ([first]) => (first !== 'details' && first !== 'stack') || /^\s*[[{]/.test(message),
  );
}
