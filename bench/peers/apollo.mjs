/**
 * The limit of the stack: Apollo Server on Fastify with a schema of one object, a hand-written
 * resolver that answers a constant, and no session, no database, no header of ours.
 */
import fastifyApollo from '@as-integrations/fastify';
import { ApolloServer } from '@apollo/server';
import fastify from 'fastify';
import { buildSchema } from 'graphql';

const schema = buildSchema(`
  type Query { me: User }
  type User { id: ID!, email: String, firstName: String, roleNames: [String!]! }
`);
const me = {
  id: '019ab000-0000-7000-8000-000000000000',
  email: 'person1000@example.com',
  firstName: 'Ann',
  roleNames: ['User'],
};

const apollo = new ApolloServer({ schema, rootValue: { me }, stopOnTerminationSignals: false });
await apollo.start();
const app = fastify();
await app.register(fastifyApollo(apollo), { path: '/graphql', method: ['GET', 'POST'] });
process.on('disconnect', () => process.exit());
process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }));
