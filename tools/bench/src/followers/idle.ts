/** A process that loads what a monitor loads, opens its connections, and follows nothing. */
import { connectEngine, createEngine, createRunWatch, createVisibility } from '@runledger/engine';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { createMonitor } from '@runledger/monitor';
import { answer } from './answer.ts';

answer(async ({ temporalAddress: address, supabaseUrl, supabaseKey }) => {
  // Made for their code, which a monitor needs before it has anything to do.
  void [createMonitor, createRunWatch, createVisibility];
  await createLedger(connectSupabase({ url: supabaseUrl, key: supabaseKey })).ping();
  await createEngine({ connection: connectEngine({ address }) }).ping();
  return { gaveUp: () => 0 };
});
