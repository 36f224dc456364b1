import { chmod, realpath, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { poll } from '../support/mailbox.ts';
import { ask, expectNothingLost, expectRecovery, startLoaded } from './loaded-server.ts';
import { startVictim } from './postgres.ts';
import { mountSmallDisk, unmountSmallDisk } from './small-disk.ts';

// Of the long form alone, and only where a file system can be mounted: vitest.faults.config.ts.
test('a disk that is full to the last byte, log and all: busy until there is room, and then as before', async () => {
  // A new cluster takes some 40 MB, and as much again for its log of the migrations.
  const mounted = mountSmallDisk(160);
  onTestFinished(() => unmountSmallDisk(mounted));
  const folder = await realpath(mounted);
  await chmod(folder, 0o755);
  const victim = await startVictim('full-disk', folder);
  onTestFinished(() => victim.remove());
  const loaded = await startLoaded(victim, 8);
  const ballast = join(folder, 'ballast');
  const { bavail, bsize } = await statfs(folder);
  // The last of it goes to whoever comes first, the load or this.
  const rest = Buffer.alloc(bavail * bsize);
  await writeFile(ballast, rest).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  });
  await poll(60_000, 'there was still room', async () => {
    const failed = [...loaded.load.failures.values()].reduce((sum, count) => sum + count, 0);
    return failed > 50 || undefined;
  });
  // Nor, when the segments it keeps are used up, for its log: PostgreSQL ends, and cannot start.
  await poll(20_000, 'PostgreSQL went on', async () =>
    victim.database
      .query(`SELECT pg_logical_emit_message(true, 'filling', 'x'), pg_switch_wal()`)
      .then(
        () => undefined,
        () => true,
      ),
  );
  expect((await ask(loaded.server, '/healthz')).status).toBe(200);
  await rm(ballast);
  await expectRecovery(loaded);
  await expectNothingLost(loaded);
});
