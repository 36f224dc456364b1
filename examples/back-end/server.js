import Fastify from 'fastify';
import { createClient } from 'gatehouse-client';
import { verifyOffline } from './offline.js';
import { askGatehouse } from './online.js';

const { GATEHOUSE_URL = 'http://localhost:4000', GATEHOUSE_KEY, PORT = '3000' } = process.env;
if (GATEHOUSE_KEY === undefined) throw new Error('Set GATEHOUSE_KEY to an API key of Gatehouse.');

const app = Fastify();
const verify = verifyOffline(GATEHOUSE_URL);
const ask = askGatehouse(
  createClient({ endpoint: `${GATEHOUSE_URL}/graphql`, token: GATEHOUSE_KEY }),
);

/** Refuses a request that shows no good token, and notes whose it is on one that does. */
const only = (whose) => async (request, reply) => {
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  request.user = token === undefined ? null : await whose(token, request);
  if (request.user === null) return reply.code(401).send({ error: 'Sign in.' });
};

app.decorateRequest('user', null);
app.get('/offline', { preHandler: only(verify) }, ({ user }) => ({ user }));
app.get('/online', { preHandler: only(ask) }, ({ user }) => ({ user }));

console.log(`Listening on ${await app.listen({ port: Number(PORT) })}`);
