import { describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { registerPerson } from '../support/people.ts';
import { from, passed, startLimited, stores, times } from './limited-servers.ts';

const ask = (client: Client) => client.graphql('{ __typename }');

describe.each(stores)('the limit of all requests, counted in %s', (store) => {
  test('lets exactly as many of a crowd pass, over two instances; the rest get HTTP 429', async () => {
    const environment = { RATE_LIMIT_REQUESTS: '5/60s' };
    const { servers, server } = await startLimited(store, environment, 2);
    const answers = await times(20, (index) => ask((servers[index % 2] ?? server).client));
    expect(passed(answers, 'REQUESTS')).toBe(5);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
  });

  test('is exact for large limits too, where places are leased', async () => {
    const { server } = await startLimited(store, { RATE_LIMIT_REQUESTS: '200/60s' });
    expect(passed(await times(260, () => ask(server.client)), 'REQUESTS')).toBe(200);
  });

  test('counts each signed-in user apart, wherever they are, and strangers by network', async () => {
    const environment = { TRUST_PROXY: '1', RATE_LIMIT_REQUESTS: '5/60s' };
    const { server } = await startLimited(store, environment);
    const one = await registerPerson(server);
    const other = await registerPerson(server);
    const asUser = await times(12, (index) =>
      ask(one.client.with({ 'x-forwarded-for': `203.0.113.${index}` })),
    );
    expect(passed(asUser, 'REQUESTS')).toBe(5);
    expect(passed(await times(12, () => ask(other.client)), 'REQUESTS')).toBe(5);
    const strangers = await times(12, () => ask(from(server, '203.0.113.1')));
    expect(passed(strangers, 'REQUESTS')).toBe(5);
    expect(passed([await ask(from(server, '203.0.113.2'))])).toBe(1);
  });
});

test('a made-up token is counted with its network', async () => {
  const { server } = await startLimited('PostgreSQL', { RATE_LIMIT_REQUESTS: '5/60s' });
  const answers = await times(20, (index) =>
    ask(server.client.withToken(`gh_s_${String(index).padStart(64, 'A')}`)),
  );
  expect(passed(answers, 'REQUESTS')).toBe(5);
});

test('0 switches the limit off', async () => {
  const { server } = await startLimited('PostgreSQL', { RATE_LIMIT_REQUESTS: '0' });
  expect(passed(await times(50, () => ask(server.client)))).toBe(50);
});
