import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';

// The audits of the GraphQL over HTTP specification, by those who wrote it.
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const audits = serverAudits({
  url: () => `${server.url}/graphql`,
  // A GET that any page could have sent is refused; a client says that it is none.
  fetchFn: (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if ((init.method ?? 'GET') === 'GET') headers.set('apollo-require-preflight', 'true');
    return fetch(url, { ...init, headers });
  },
});

test('there are audits of what must, should and may be', () => {
  expect(audits.length).toBeGreaterThan(60);
  for (const level of ['MUST', 'SHOULD', 'MAY']) {
    expect(audits.filter(({ name }) => name.startsWith(level)).length).toBeGreaterThan(9);
  }
});

test.each(audits)('$id: $name', async (audit) => {
  const result = await audit.fn();
  expect(result).toMatchObject({ status: 'ok' });
});
