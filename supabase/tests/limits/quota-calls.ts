import type { LedgerDatabase } from '../ledger-database.ts';

/** Admits an execution as the router does, of Ada's workflow for Ada unless told otherwise. Answers its id. */
export async function admit({ db, ada }: LedgerDatabase, more: Record<string, unknown> = {}): Promise<string> {
  const request = { workflow_id: ada.workflowId, created_by: ada.id, input: null, start_within_ms: 60_000, ...more };
  const [row] = await db.query<{ id: string }>(
    `select runledger.admit_execution($1::jsonb) -> 'execution' ->> 'id' as id`,
    [JSON.stringify(request)],
  );
  return row?.id as string;
}

/** `n` of them, one after the other. */
export async function admissions(ledger: LedgerDatabase, n: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < n; i++) ids.push(await admit(ledger));
  return ids;
}

export async function insertQuota({ db }: LedgerDatabase, columns: Record<string, unknown>): Promise<void> {
  const names = Object.keys(columns);
  await db.query(
    `insert into runledger.execution_quotas (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
    Object.values(columns),
  );
}

export async function quotasOf({ db }: LedgerDatabase, user: string, workflow: string | null = null) {
  const [row] = await db.query<{ quotas: object[] }>('select runledger.quotas_of($1, $2) as quotas', [user, workflow]);
  return row?.quotas;
}

interface Refusal {
  code: string;
  message: string;
  hint: string;
  quota: { kind: string; limit: number; used: number; freesAt: string | null; workflowId: string | null };
}

/** What the database says of the limit that refused; fails where nothing was refused, or for another reason. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const error = await call.then(
    () => new Error('It was admitted.'),
    (reason: unknown) => reason,
  );
  const { code, detail, hint, message } = error as { code?: string; detail?: string; hint?: string; message: string };
  if (code !== 'PT429' || !detail?.startsWith('quota_exceeded ')) throw error;
  return { code, message, hint: hint ?? '', quota: JSON.parse(detail.slice('quota_exceeded '.length)) };
}
