import { createRunledgerReact } from '@runledger/client/react';
import { addressOf } from './config.ts';
import { getToken } from './session/session.ts';

export const runledger = createRunledgerReact({ url: addressOf('trpc'), getToken });
