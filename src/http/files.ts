import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  findImageFile,
  readImageFile,
  type ServedFile,
} from '../features/avatar/image-files.service.ts';
import type { Service } from '../process/service.ts';
import { isKnown, rangeOf } from './byte-range.ts';

// Pages anywhere may show a picture; it can run nothing, nor be taken for anything else.
const headers = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'accept-ranges': 'bytes',
} as const;

const forGood = 'public, max-age=31536000, immutable';
// The original in place of a variant: the variant will be there in a moment.
const forNow = 'no-cache';

interface Chosen {
  readonly Params: { readonly id: string; readonly variant: string };
}

/** `GET /files/:id/:variant`: the files of pictures, for whoever knows the id. */
export function serveFiles(app: FastifyInstance, service: Pick<Service, 'db' | 'ports'>): void {
  app.get<Chosen>('/files/:id/:variant', async (request, reply) => {
    const file = await findImageFile(service, request.params.id, request.params.variant);
    if (file !== undefined) return send(service, file, request, reply);
    reply.callNotFound();
    return reply;
  });
}

async function send(
  service: Pick<Service, 'ports'>,
  file: ServedFile,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const etag = `"${file.name.replace('/', '-')}-${file.size}"`;
  const shared = {
    ...headers,
    etag,
    'cache-control': file.isFinal ? forGood : forNow,
    'content-disposition': `inline; filename="${fileName(file)}"`,
  };
  if (isKnown(request.headers, etag)) return reply.code(304).headers(shared).send();
  const range = rangeOf(request.headers, etag, file.size);
  if (range === 'unsatisfiable') {
    return reply.code(416).header('content-range', `bytes */${file.size}`).send();
  }
  const isHead = request.method === 'HEAD';
  const content = isHead ? Readable.from([]) : await readImageFile(service, file, range);
  if (content === undefined) {
    request.log.error({ file: file.name }, 'the storage has lost a file');
    reply.callNotFound();
    return reply;
  }
  const { start, end } = range ?? { start: 0, end: file.size - 1 };
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${file.size}`);
  return reply
    .headers({ ...shared, 'content-length': end - start + 1 })
    .type(file.mimeType)
    .send(content);
}

/** Nothing of it comes from a client. */
function fileName({ variant, mimeType }: ServedFile): string {
  return `avatar-${variant.toLowerCase()}.${mimeType.replace(/^image\//, '').replace('jpeg', 'jpg')}`;
}
