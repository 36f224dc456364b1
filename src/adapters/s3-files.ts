import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { S3Location } from '../config/values.ts';
import type { FileStorage } from '../context.ts';

interface S3Files extends FileStorage {
  close(): void;
}

/** Keeps files in a bucket of S3, or of what speaks like it at another endpoint. */
export function createS3Files(location: S3Location): S3Files {
  const client = connect(location);
  const { bucket: Bucket, prefix } = location;
  const objectOf = (name: string) => ({ Bucket, Key: prefix === '' ? name : `${prefix}/${name}` });
  return {
    async put(name, localFile, mimeType) {
      const { size } = await stat(localFile);
      const content = { Body: createReadStream(localFile), ContentLength: size };
      const upload = { ...objectOf(name), ...content, ContentType: mimeType };
      await client.send(new PutObjectCommand(upload));
    },
    async read(name, range) {
      const part = range && { Range: `bytes=${range.start}-${range.end}` };
      try {
        const { Body } = await client.send(new GetObjectCommand({ ...objectOf(name), ...part }));
        return Body as Readable | undefined; // a stream of Node, where it runs on Node
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async remove(names) {
      const remove = (name: string) => client.send(new DeleteObjectCommand(objectOf(name)));
      await Promise.all(names.map(remove));
    },
    close: () => client.destroy(),
  };
}

function connect({ region, endpoint, credentials }: S3Location): S3Client {
  return new S3Client({
    region,
    ...(credentials && { credentials }),
    // Most of what is not Amazon's own has no host name for each bucket.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    // Checksums behind the content are Amazon's own too.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // What goes wrong is thrown, and logged by whoever catches it.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000 },
  });
}

const ignore = () => undefined;
