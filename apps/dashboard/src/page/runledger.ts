import { createRunledgerReact } from '@runledger/client/react';
import { fetchOnce } from './asked-first.ts';
import { addressOf } from './config.ts';
import { of } from './session/scope.ts';
import { getToken } from './session/session.ts';

export const runledger = createRunledgerReact({ url: addressOf('trpc'), getToken, fetch: fetchOnce, of });
