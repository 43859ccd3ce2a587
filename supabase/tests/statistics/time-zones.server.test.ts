import { createTestDatabase, databaseKinds } from '@runledger/local-stack';
import { describe, expect, test } from 'vitest';

describe.each(databaseKinds)('on %s', (kind) => {
  test('a series takes the names of zones, and nothing that only looks like one', async () => {
    await using db = await createTestDatabase(kind);
    const series = (zone: string | null) =>
      db.query(
        `select from runledger.get_execution_series(p_from => '2030-03-30', p_to => '2030-04-02', p_time_zone => $1)`,
        [zone],
      );
    for (const zone of ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])
      expect((await series(zone)).length).toBeGreaterThan(2);
    for (const zone of ['Mars/Olympus', 'Mars', 'Mars3', 'Mars-3', '+03', '', '../Berlin', 'Europe/Berlin; ', null])
      await expect(series(zone), String(zone)).rejects.toMatchObject({ code: 'PT400', detail: 'invalid_input' });
  });
});
