import type { ExecutionReader, MachineKey } from '@runledger/contracts';
import { ExecutionError, isExecutionError } from '@runledger/contracts';
import type { Caller } from '@runledger/router';
import type { Identify } from '../callers.ts';
import type { IdentifyMachine } from './machine-callers.ts';
import { isMachineKey } from './machine-callers.ts';

/**
 * People by their tokens, and programs by their keys as the users whose keys those are: never as operators.
 * @param reader Reads under the service role: the scope of the user is in every one of its queries.
 */
export function withKeys(byToken: Identify, machines: IdentifyMachine, reader: ExecutionReader): Identify {
  const callerOf = (authorization: string | undefined, key: MachineKey): Caller => {
    // Nobody's: it stands for no user who could read.
    if (key.userId === null) {
      const onlyReports = `The key ${key.name} is for POST /report: it lacks the scopes read and start.`;
      throw new ExecutionError('unauthenticated', onlyReports);
    }
    return {
      userId: key.userId,
      isOperator: false,
      key: { name: key.name, scopes: key.scopes },
      ...(key.expiresAt === null ? {} : { expiresAt: Date.parse(key.expiresAt) }),
      reader,
      confirm: async () => callerOf(authorization, await machines(authorization, true)),
    };
  };
  const identify: Identify = async (authorization) => {
    if (!isMachineKey(authorization)) return byToken(authorization);
    try {
      return { caller: callerOf(authorization, await machines(authorization)), callerProblem: null };
    } catch (error) {
      const unknown = new ExecutionError('internal', 'A key could not be verified.', { cause: error });
      return { caller: null, callerProblem: isExecutionError(error) ? error : unknown };
    }
  };
  identify.believed = (authorization) => {
    if (!isMachineKey(authorization)) return byToken.believed?.(authorization) ?? null;
    const key = machines.believed?.(authorization) ?? null;
    // What reports does so for all users, apart from what its own one asks for.
    return key?.userId && !key.scopes.includes('report') ? callerOf(authorization, key) : null;
  };
  return identify;
}
