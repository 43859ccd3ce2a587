/**
 * The same with pg_dump and psql, into a new server: transaction ids begin anew there. Needs both of version 15 or newer on the PATH
 * (Debian: postgresql-client).
 *   node deploy/restore/try-dump.ts
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPostgres } from '@runledger/local-stack';
import { restoreMidFlight } from './scenario.ts';

const run = promisify(execFile);
const version = 15;

const folder = await mkdtemp(join(tmpdir(), 'runledger-dump-'));
const dump = join(folder, 'ledger.sql');
const roles = join(folder, 'roles.sql');
const restored = await startPostgres({ version });
try {
  const postgres = await startPostgres({ version });
  const report = await restoreMidFlight({
    postgres,
    async backUp() {
      await run('pg_dumpall', ['--roles-only', '--no-role-passwords', `--dbname=${postgres.url()}`, `--file=${roles}`]);
      await run('pg_dump', [`--file=${dump}`, postgres.url('ledger')]);
    },
    async restore() {
      await restored.createDatabase('ledger');
      await run('psql', ['--quiet', `--file=${roles}`, restored.url()]);
      await run('psql', ['--quiet', '-v', 'ON_ERROR_STOP=1', `--file=${dump}`, restored.url('ledger')]);
      return restored;
    },
  });
  console.log(JSON.stringify(report, null, 2));
  const isWell =
    report.differences === 0 && report.ends.every((n) => n === 1) && report.statuses.startedAfter === 'terminated';
  process.exitCode = isWell ? 0 : 1;
} finally {
  await restored.stop();
  await rm(folder, { recursive: true, force: true });
}
