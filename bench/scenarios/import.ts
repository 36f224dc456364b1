import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { v7 } from 'uuid';
import type { Bench } from '../support/bench.ts';
import { onDatabase } from '../support/database.ts';
import { gatehouseSettings } from '../support/gatehouse.ts';
import { megabytes, perSecond, type Row } from '../support/report.ts';
import { median, ratioOf } from '../support/statistics.ts';

const reachedRatio = 0.4;
const memoryLimitBytes = 300e6;

/**
 * Scenario 9: an import of users with the hashes they have, against COPY of the same users and
 * roles into the same tables. Each round has its own users, who are gone after it.
 */
export async function measureImport({ quick, databaseUrl, dataDir }: Bench): Promise<Row[]> {
  const users = quick ? 50_000 : 1_000_000;
  const rounds = quick ? 2 : 1;
  const files = { csv: path.join(dataDir, 'import.csv'), copy: path.join(dataDir, 'copy.tsv') };
  const ours: number[] = [];
  const copied: number[] = [];
  const memory: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      await writeFiles(files, users);
      copied.push(users / (await timeCopy(databaseUrl, files.copy)));
      const imported = await timeImport(databaseUrl, files.csv, users);
      ours.push(users / imported.seconds);
      memory.push(imported.peakBytes);
    }
  } finally {
    await Promise.all(Object.values(files).map((file) => rm(file, { force: true })));
  }
  const ratio = ratioOf(ours, copied);
  const common = { number: '9', rounds };
  return [
    {
      ...common,
      scenario: `import of ${users.toLocaleString('en')} users`,
      ours: perSecond(median(ours)),
      baseline: `${perSecond(median(copied))} by COPY`,
      ratio,
      reach: `≥ ${reachedRatio}`,
      met: ratio.median >= reachedRatio,
    },
    {
      ...common,
      scenario: 'memory (RSS) of the import, at most',
      ours: megabytes(Math.max(...memory)),
      baseline: '–',
      reach: '≤ 300 MB',
      met: Math.max(...memory) <= memoryLimitBytes,
    },
  ];
}

const domain = 'import.example.com';

/** The same users as CSV for the import and as rows for COPY. */
async function writeFiles(files: { csv: string; copy: string }, users: number): Promise<void> {
  const csv = createWriteStream(files.csv);
  const copy = createWriteStream(files.copy);
  csv.write('email,username,firstName,lastName,passwordHash,confirmedAt,createdAt\n');
  const time = '2025-05-31T08:15:00Z';
  for (let at = 0; at < users; at += 1) {
    const name = `imported${at}`;
    const hash = `$2b$10$${randomBytes(40).toString('base64').replace(/[+=]/g, '.').slice(0, 53)}`;
    const fields = [`${name}@${domain}`, name, 'Ann', `Number${at}`, hash, time, time];
    copy.write(`${[v7(), ...fields, time].join('\t')}\n`);
    if (!csv.write(`${fields.join(',')}\n`)) await once(csv, 'drain');
  }
  await Promise.all([csv, copy].map((stream) => once(stream.end(), 'close')));
}

async function timeCopy(url: string, file: string): Promise<number> {
  return onDatabase(url, async (client) => {
    const startedAt = performance.now();
    await client.query('BEGIN');
    const columns =
      'id, email, username, first_name, last_name, password_hash, confirmed_at, created_at, updated_at';
    await pipeline(
      createReadStream(file),
      client.query(copyFrom(`COPY users (${columns}) FROM STDIN`)),
    );
    await copyRoles(client, file);
    await client.query('COMMIT');
    const seconds = (performance.now() - startedAt) / 1000;
    await removeImported(client);
    return seconds;
  });
}

async function copyRoles(client: pg.Client, file: string): Promise<void> {
  const { rows } = await client.query<{ id: string }>(`SELECT id FROM roles WHERE name = 'User'`);
  const ids = (await readFile(file, 'utf8')).split('\n').map((line) => line.slice(0, 36));
  const lines = ids.filter(Boolean).map((id) => `${id}\t${rows[0]?.id ?? ''}\t2025-01-01Z\n`);
  const columns = 'user_id, role_id, assigned_at';
  await pipeline(
    Readable.from([lines.join('')], { objectMode: false }),
    client.query(copyFrom(`COPY role_assignments (${columns}) FROM STDIN`)),
  );
}

/** Both begin with the same tables: what was made is deleted, and its room is free again. */
async function removeImported(client: pg.Client): Promise<void> {
  await client.query(`DELETE FROM audit_events WHERE action = 'user.imported'`);
  await client.query(`DELETE FROM users WHERE email LIKE '%@${domain}'`);
  await client.query('VACUUM (ANALYZE) users, role_assignments, audit_events');
}

const program = path.resolve(import.meta.dirname, '../../dist/cli.js');

async function timeImport(url: string, file: string, users: number) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [program, 'import', file, '--json', '--quiet'], {
    env: { PATH, ...gatehouseSettings, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peakBytes = 0;
  const watching = setInterval(() => {
    void residentBytes(child.pid).then((bytes) => (peakBytes = Math.max(peakBytes, bytes)));
  }, 100);
  const outcome = JSON.parse(await text(child.stdout)) as { imported: number; seconds: number };
  clearInterval(watching);
  if (outcome.imported !== users) throw new Error(`${outcome.imported} of ${users} were imported.`);
  await onDatabase(url, removeImported);
  return { seconds: outcome.seconds, peakBytes };
}

/** The most a process ever had in memory; Linux keeps count of it. */
async function residentBytes(pid = 0): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
