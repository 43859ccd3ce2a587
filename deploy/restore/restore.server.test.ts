import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPostgres } from '@runledger/local-stack';
import pg from 'pg';
import { expect, test } from 'vitest';
import { restoreMidFlight } from './scenario.ts';

const run = promisify(execFile);

test('a ledger that is restored to an earlier point catches up with Temporal, records every end once, and counts exactly', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-restore-'));
  await chmod(folder, 0o755);
  const [original, copy] = [join(folder, 'original'), join(folder, 'copy')];
  const settings = { fsync: 'off' };
  try {
    const postgres = await startPostgres({ version: 17, dataDir: original, settings });
    const report = await restoreMidFlight({
      postgres,
      /** A base backup while the server works, as point-in-time recovery begins with one. */
      async backUp() {
        const client = new pg.Client({ connectionString: postgres.url() });
        await client.connect();
        try {
          await client.query(`select pg_backup_start('test', true)`);
          await run('cp', ['-a', original, copy]);
          const { rows } = await client.query('select labelfile from pg_backup_stop()');
          const [data, log] = [join(copy, 'postgres-17'), 'pg_wal'];
          // What was written meanwhile, up to the end of the backup; recovery goes no further.
          await run('cp', ['-a', join(postgres.dataDir, log), data]);
          const label = join(data, 'backup_label');
          await writeFile(label, rows[0].labelfile);
          const { uid, gid } = await stat(postgres.dataDir);
          await run('chown', [`${uid}:${gid}`, label]);
          await rm(join(data, 'postmaster.pid'));
        } finally {
          await client.end();
        }
      },
      restore: () => startPostgres({ version: 17, dataDir: copy, settings }),
    });
    expect(report).toEqual({
      statuses: {
        endedBefore: 'terminated',
        endedAfter: 'terminated',
        openStill: 'running',
        startedAfter: 'terminated',
      },
      ends: [1, 1, 1, 1, 1],
      deletedIsBack: true,
      differences: 0,
      afterwards: 'terminated',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
