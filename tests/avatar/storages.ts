import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { filesBelow } from './avatars.ts';
import { startS3Double } from './s3-double.ts';

export interface TestStorage {
  readonly environment: { readonly DATA_DIR: string; readonly STORAGE_URL: string };
  /** `id/variant` of each file that is stored. */
  names(): Promise<string[]>;
  read(name: string): Promise<Buffer>;
}

export const storageKinds = ['a folder', 'a bucket'] as const;

/** An empty storage of its own for a test, and an empty folder of data. */
export async function makeStorage(kind: (typeof storageKinds)[number]): Promise<TestStorage> {
  const parent = await mkdtemp(join(inject('temporaryFolder'), 'storage-'));
  await chmod(parent, 0o755);
  const DATA_DIR = join(parent, 'data');
  if (kind === 'a folder') {
    const folder = join(parent, 'pictures');
    return {
      environment: { DATA_DIR, STORAGE_URL: `file://${folder}` },
      names: async () => (await filesBelow(folder)).map((name) => name.slice(3)).sort(),
      read: (name) => readFile(join(folder, name.split('/')[0]?.slice(-2) ?? '', name)),
    };
  }
  const s3 = await startS3Double();
  return {
    environment: { DATA_DIR, STORAGE_URL: s3.storageUrl },
    names: async () =>
      [...s3.objects.keys()].map((key) => key.replace(/^of\/gatehouse\//, '')).sort(),
    read: async (name) => s3.objects.get(`of/gatehouse/${name}`)?.bytes ?? Buffer.alloc(0),
  };
}
