import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

const accessKey = 'AKIDOFATEST';
const secretKey = 'secret/of+a test';
const region = 'eu-test-1';
const bucket = 'pictures';

export interface S3Double {
  /** For `STORAGE_URL`: a folder in the bucket. */
  readonly storageUrl: string;
  /** What is stored, by key. */
  readonly objects: ReadonlyMap<string, { readonly bytes: Buffer; readonly type: string }>;
  /** From now on, what requests of this method are answered with; undefined as they should be. */
  fail(method: string, status: number | undefined): void;
}

/**
 * Stands in for S3: the calls that are made of it, PUT, GET with a range, and DELETE, path-style,
 * with their signatures checked as AWS Signature Version 4 says. There is no such server to be had
 * from npm that is kept up.
 */
export async function startS3Double(): Promise<S3Double> {
  const objects = new Map<string, { bytes: Buffer; type: string }>();
  const failures = new Map<string, number>();
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const { method = '', headers } = request;
    const failure = failures.get(method);
    if (failure !== undefined) {
      refuse(response, failure, 'InternalError');
      return;
    }
    if (!isSigned(request, bytes)) {
      refuse(response, 403, 'SignatureDoesNotMatch');
      return;
    }
    const { pathname } = new URL(request.url ?? '', 'http://s3');
    if (!pathname.startsWith(`/${bucket}/`)) {
      refuse(response, 404, 'NoSuchBucket');
      return;
    }
    const key = decodeURIComponent(pathname.slice(bucket.length + 2));
    const found = objects.get(key);
    if (method === 'PUT') {
      if (Number(headers['content-length']) !== bytes.length) {
        refuse(response, 411, 'Length');
        return;
      }
      objects.set(key, { bytes, type: headers['content-type'] ?? '' });
      response.end();
    } else if (method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (found === undefined) refuse(response, 404, 'NoSuchKey');
    else sendPart(response, found.bytes, headers.range);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = [accessKey, secretKey].map(encodeURIComponent).join(':');
  return {
    storageUrl: `s3://${credentials}@${bucket}/of/gatehouse?region=${region}&endpoint=${endpoint}`,
    objects,
    fail(method, status) {
      if (status === undefined) failures.delete(method);
      else failures.set(method, status);
    },
  };
}

function sendPart(response: ServerResponse, bytes: Buffer, range: string | undefined): void {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  const part = first === undefined ? bytes : bytes.subarray(Number(first), Number(last) + 1);
  response.writeHead(first === undefined ? 200 : 206, { 'content-length': part.length });
  response.end(part);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function isSigned({ method, url = '', headers }: IncomingMessage, body: Buffer): boolean {
  const [, scope = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const [key, date = '', ...rest] = scope.split('/');
  const content = String(headers['x-amz-content-sha256']);
  if (key !== accessKey || rest.join('/') !== `${region}/s3/aws4_request`) return false;
  if (content !== 'UNSIGNED-PAYLOAD' && content !== sha256(body)) return false;
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const query = [...searchParams].map((pair) => pair.map(encodeURIComponent).join('=')).sort();
  const signed = names.split(';');
  if (!signed.includes('host') || !signed.includes('x-amz-date')) return false;
  const canonical = [
    method,
    pathname,
    query.join('&'),
    ...signed.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    names,
    content,
  ].join('\n');
  const time = String(headers['x-amz-date']);
  const text = ['AWS4-HMAC-SHA256', time, scope.slice(accessKey.length + 1), sha256(canonical)];
  const keys = [date, ...rest].reduce<string | Buffer>(hmac, `AWS4${secretKey}`);
  return timingSafeEqual(hmac(keys, text.join('\n')), Buffer.from(signature, 'hex'));
}
