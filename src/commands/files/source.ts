import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** The bytes of a file, or of standard input for `-`. */
export interface Source {
  /** Undefined where nobody knows how much will come. */
  readonly size: number | undefined;
  /** How much of it was read so far. */
  readonly read: () => number;
  readonly chunks: AsyncIterable<Buffer>;
}

const chunkBytes = 256 * 1024;

/** Opens what is to be read. Throws when there is no such file. */
export async function openSource(file: string): Promise<Source> {
  const size = file === '-' ? undefined : (await stat(file)).size;
  const stream =
    file === '-' ? process.stdin : createReadStream(file, { highWaterMark: chunkBytes });
  let read = 0;
  async function* counted() {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      read += chunk.length;
      yield chunk;
    }
  }
  return { size, read: () => read, chunks: counted() };
}
