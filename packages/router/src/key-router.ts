import type { MachineKeyService } from '@runledger/contracts';
import { CreateKeyInput, ExecutionError, KEY_SCOPES, Timestamp } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { readInTurn } from './reading-in-turn.ts';
import { authedProcedure } from './trpc.ts';
import type { Of } from './whose.ts';
import { of } from './whose.ts';

/** Valid keys of one user. */
const MOST_KEYS = 20;
/** Keys of one list: everybody's are as many as there are programs. */
const MOST_LISTED = 1_000;

const KeyFacts = z.object({
  id: z.uuid(),
  /** Whose it is; `null`: nobody's, made by an operator to report. */
  userId: z.string().nullable(),
  name: z.string(),
  /** Its first characters. */
  keyStart: z.string(),
  scopes: z.array(z.enum(KEY_SCOPES)),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  /** To the hour; `null`: never yet. */
  lastUsedAt: Timestamp.nullable(),
  revokedAt: Timestamp.nullable(),
});

/** Of people alone: a key makes, shows and revokes no keys. */
const BY_PEOPLE = { keyScope: null };

/** Keys with which programs call this API as the user whose they are. */
export const keyRouter = {
  /**
   * Makes a key that reads (`read`) or starts (`start`) as the caller, or for operators reports (`report`); `key` is told this
   * once. At most 20 valid ones of each user.
   */
  create: authedProcedure
    .meta(BY_PEOPLE)
    .input(CreateKeyInput.extend({ scopes: CreateKeyInput.shape.scopes.unwrap() }))
    .output(KeyFacts.extend({ key: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { userId, isOperator, isAnonymous } = ctx.caller;
      if (isAnonymous) throw new ExecutionError('permission_denied', 'Keys are for users with an account: sign up.');
      if (input.scopes.includes('report') && !isOperator)
        throw new ExecutionError('permission_denied', 'Only operators make keys that report: those do, of all users.');
      if (input.expiresAt !== undefined && Date.parse(input.expiresAt) <= Date.now()) throw hasExpired();
      return keysOf(ctx).createKey(input, { userId, atMost: MOST_KEYS });
    }),

  /**
   * The caller's keys, the latest that were revoked or expired included, oldest first; everybody's for an operator, the newest
   * 1,000. Never a key itself.
   */
  list: authedProcedure
    .meta(BY_PEOPLE)
    .input(z.object({ of }).prefault({}))
    .output(z.array(KeyFacts))
    .query(({ ctx, input }) => {
      const whose = ownerOf(ctx, input.of);
      return readInTurn(ctx, whose === undefined ? 5 : 1, () => keysOf(ctx).listKeys(whose, { atMost: MOST_LISTED }));
    }),

  /** Revokes a key of the caller's own, or any for an operator: it ends within a minute. */
  revoke: authedProcedure
    .meta(BY_PEOPLE)
    .input(z.object({ id: z.uuid() }))
    .output(KeyFacts)
    .mutation(async ({ ctx, input: { id } }) => {
      const revoked = await keysOf(ctx).revokeKey(id, ownerOf(ctx, ctx.caller.isOperator ? 'everyone' : 'caller'));
      if (!revoked) throw new ExecutionError('not_found', `There is no key ${id} of yours; see key.list for yours.`);
      return revoked;
    }),
} satisfies TRPCRouterRecord;

/** Whose keys: a user's; `undefined`: everybody's. */
function ownerOf({ caller }: CallerContext, whose: Of): string | undefined {
  if (whose === 'caller') return caller.userId;
  if (caller.isOperator) return undefined;
  throw new ExecutionError('permission_denied', "Only operators of this host see everybody's keys.");
}

function hasExpired(): ExecutionError {
  const problem = 'has to be in the future';
  return new ExecutionError('invalid_input', `expiresAt ${problem}.`, { fields: { expiresAt: [problem] } });
}

function keysOf({ keys }: CallerContext): MachineKeyService {
  if (keys) return keys;
  throw new ExecutionError('permission_denied', 'This host makes no keys.');
}
