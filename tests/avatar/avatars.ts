import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Client, UserError } from '../support/client.ts';
import type { TestDatabase } from '../support/database.ts';
import { poll } from '../support/mailbox.ts';

export interface TestImage {
  readonly id: string;
  readonly sha256: string;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly size: number;
  readonly status: string;
  readonly url: string;
  readonly large: string;
  readonly variants: readonly {
    readonly variant: string;
    readonly url: string;
    readonly width: number;
    readonly height: number;
    readonly size: number;
    readonly mimeType: string;
  }[];
}

interface Outcome {
  readonly image: TestImage | null;
  readonly user: { readonly id: string; readonly avatar: { readonly id: string } | null } | null;
  readonly errors: readonly UserError[];
}

const imageFields = `id sha256 mimeType width height size status url large: url(variant: LARGE)
  variants { variant url width height size mimeType }`;
const payload = `{ image { ${imageFields} } user { id avatar { id } } errors { code field message } }`;

export const updateMutation = `mutation ($file: Upload!) { outcome: updateAvatar(file: $file) ${payload} }`;
export const updateUserMutation = `mutation ($userId: ID!, $file: Upload!) {
  outcome: updateUserAvatar(userId: $userId, file: $file) ${payload} }`;

interface Data {
  readonly outcome: Outcome | null;
}

export const updateAvatar = (client: Client, file: Blob) =>
  client.upload<Data>(updateMutation, file);

export const updateUserAvatar = (client: Client, userId: string, file: Blob) =>
  client.upload<Data>(updateUserMutation, file, { userId });

export const removeAvatar = (client: Client) =>
  client.graphql<Data>(`mutation { outcome: removeAvatar ${payload} }`);

export const removeUserAvatar = (client: Client, userId: string) =>
  client.graphql<Data>(
    `mutation ($userId: ID!) { outcome: removeUserAvatar(userId: $userId) ${payload} }`,
    { userId },
  );

/** Uploads a picture that is accepted. */
export async function upload(client: Client, file: Blob): Promise<TestImage> {
  const { data, errors } = await updateAvatar(client, file);
  expect(errors).toEqual([]);
  expect(data.outcome?.errors).toEqual([]);
  if (!data.outcome?.image) throw new Error('The upload answered no image.');
  return data.outcome.image;
}

/** One word for how an upload ended: `ok`, or the code of its first error of either kind. */
export function ending(answer: {
  readonly code: string | undefined;
  readonly data: Partial<Data>;
}): string {
  return answer.code ?? answer.data.outcome?.errors[0]?.code ?? 'ok';
}

export async function avatarOf(client: Client): Promise<TestImage | null> {
  const query = `{ me { avatar { ${imageFields} } } }`;
  const { data, errors } = await client.graphql<{ me: { avatar: TestImage | null } }>(query);
  expect(errors).toEqual([]);
  return data.me.avatar;
}

/** The caller's picture, once its variants are there. */
export function readyAvatar(client: Client): Promise<TestImage> {
  return poll(20_000, 'the variants were not made', async () => {
    const image = await avatarOf(client);
    return image?.status === 'READY' ? image : undefined;
  });
}

export async function download(url: string): Promise<Buffer> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** Every file in a folder and those below, without the folder's own name. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Waits until no job about pictures is left. */
export async function settled(database: TestDatabase): Promise<void> {
  await poll(20_000, 'jobs were not done', async () => {
    const left = await database.query(
      `SELECT FROM graphile_worker.jobs WHERE task_identifier IN ('make-variants', 'remove-image-files')`,
    );
    return left.length === 0 ? true : undefined;
  });
}
