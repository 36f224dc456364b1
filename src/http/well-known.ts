import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listPublicKeys } from '../features/access-token/signing-key.service.ts';
import { systemContext, type Service } from '../process/service.ts';
import { isKnown } from './byte-range.ts';
import { publicUrlOf } from './origin.ts';

// A new key is there a day before it signs: nobody who asks again in ten minutes misses it.
const cacheControl = 'public, max-age=600';

/**
 * `/.well-known/jwks.json`: the public keys of access tokens. `/.well-known/openid-configuration`:
 * who issues them and where those keys are, for libraries that look there. Gatehouse is no OpenID
 * provider, and says nothing of what it does not do.
 */
export function serveWellKnown(app: FastifyInstance, service: Service): void {
  app.get('/.well-known/jwks.json', async (request, reply) =>
    send(request, reply, { keys: await listPublicKeys(systemContext(service)) }),
  );
  app.get('/.well-known/openid-configuration', async (request, reply) =>
    send(request, reply, {
      issuer: service.address.url,
      jwks_uri: `${publicUrlOf(service, request)}/.well-known/jwks.json`,
      // Which libraries take the accepted algorithms from.
      id_token_signing_alg_values_supported: ['ES256'],
      subject_types_supported: ['public'],
      claims_supported: ['sub', 'sid', 'roles', 'iss', 'aud', 'iat', 'exp', 'jti'],
    }),
  );
}

function send(request: FastifyRequest, reply: FastifyReply, content: object): FastifyReply {
  const body = JSON.stringify(content);
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const known = isKnown(request.headers, etag);
  return reply
    .code(known ? 304 : 200)
    .headers({ etag, 'cache-control': cacheControl })
    .type('application/json; charset=utf-8')
    .send(known ? undefined : body);
}
