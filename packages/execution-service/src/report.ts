import type { Json, TerminalStatus } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import type { Supabase } from './supabase.ts';

/** One end that a caller reports. */
export interface Report {
  status: TerminalStatus;
  output?: Json;
  outputNote?: string;
  errorMessage?: string | null;
  failure?: Json | null;
  reason?: string | null;
  completedAt?: string;
  durationMs?: number;
  activitiesExecuted?: number;
  stateSnapshot?: Json;
  verdict?: string;
}

export interface ReportContext {
  supabase: Supabase;
  call: CallOptions;
}
