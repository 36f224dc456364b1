import type { RefusedRow } from '../features/user-import/insertion.service.ts';
import {
  readRow,
  type ImportedUser,
  type ImportKnowledge,
} from '../features/user-import/import-row.rules.ts';
import type { ImportedBatch } from '../features/user-import/user-import.service.ts';
import type { ReadRow } from './files/format.ts';

/** Of 1,000, 5,000 and 20,000 rows, 5,000 were as fast as any, and a cut takes little away. */
const batchSize = 5_000;

/** What became of the rows so far. */
export interface Totals {
  read: number;
  imported: number;
  skipped: number;
}

interface Steps {
  readonly knowledge: ImportKnowledge;
  /** Makes the users of a batch, or only finds out what would be made. */
  readonly make: (users: readonly ImportedUser[]) => Promise<ImportedBatch>;
  /** Hears of a batch that is done. */
  readonly onDone: (totals: Totals, refused: readonly RefusedRow[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Takes rows batch by batch until there are no more, or until the signal. While the database works
 * on one batch the next is read, and no more than that: however long a file, two are in memory.
 */
export async function importRows(rows: AsyncIterable<ReadRow>, steps: Steps): Promise<Totals> {
  const totals: Totals = { read: 0, imported: 0, skipped: 0 };
  let batch = new Batch();
  let working: Promise<void> = Promise.resolve();
  const hand = async (full: Batch) => {
    await working;
    working = finish(full, totals, steps);
    working.catch(() => undefined); // whoever waits for it next gets to know
  };
  try {
    for await (const row of rows) {
      if (steps.signal.aborted) break;
      batch.add(row, steps.knowledge);
      if (batch.size < batchSize) continue;
      await hand(batch);
      batch = new Batch();
    }
  } finally {
    // Also when the file breaks off: what the database is at work on is told like all before it.
    await working.catch(() => undefined);
  }
  if (!steps.signal.aborted) await hand(batch);
  await working;
  return totals;
}

class Batch {
  size = 0;
  readonly users: ImportedUser[] = [];
  readonly refused: RefusedRow[] = [];

  add(row: ReadRow, knowledge: ImportKnowledge): void {
    this.size += 1;
    if ('errors' in row) {
      this.refused.push(row);
      return;
    }
    const read = readRow(row, knowledge);
    if (!isRefused(read)) this.users.push(read);
    else this.refused.push({ line: row.line, email: emailOf(row.values), errors: read });
  }
}

function isRefused(read: ReturnType<typeof readRow>): read is RefusedRow['errors'] {
  return Array.isArray(read);
}

/** So that a row is found again where lines are not counted; what is no address may be long. */
function emailOf({ email }: Readonly<Record<string, unknown>>): string | null {
  return typeof email === 'string' ? email.slice(0, 160) : null;
}

async function finish(batch: Batch, totals: Totals, { make, onDone }: Steps): Promise<void> {
  const made = batch.users.length > 0 ? await make(batch.users) : nothing;
  totals.read += batch.size;
  totals.imported += made.imported;
  totals.skipped += made.skipped;
  const refused = [...batch.refused, ...made.refused].sort((a, b) => a.line - b.line);
  await onDone(totals, refused);
}

const nothing: ImportedBatch = { imported: 0, skipped: 0, refused: [] };
