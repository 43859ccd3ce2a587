/** The execution ledger over supabase-js: the service for applications, the ledger for the monitor, reads for the API. */
export type {
  CreateExecutionInput,
  Execution,
  ExecutionPage,
  ExecutionService,
  ExecutionStats,
  ExecutionStatus,
  ExecutionSummary,
  ExecutionWithWorkflow,
  Ledger,
  ListExecutionsOptions,
  MarkResult,
  ReportOptions,
  UpdateExecutionInput,
} from '@runledger/contracts';
export { ExecutionError, type ExecutionErrorCode, isExecutionError } from '@runledger/contracts';
export type { CallOptions } from './call-database.ts';
export { type CurrentAccess, readCurrentAccess } from './current-access.ts';
export { createExecutionReader } from './execution-reader.ts';
export { createExecutionService } from './execution-service.ts';
export { createImportService } from './import-service.ts';
export { createLedger } from './ledger.ts';
export { createMachineKeyService } from './machine-key-service.ts';
export { createQuotaService } from './quota-service.ts';
export { createRetentionService } from './retention-service.ts';
export { connectSupabase, type SupabaseLike } from './supabase.ts';
export { createWorkflowService } from './workflow-service.ts';
