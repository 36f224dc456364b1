import { expect, onTestFinished, test } from 'vitest';
import { mailsTo } from '../support/mailbox.ts';
import { loginMutation, newEmail, password, registerMutation } from '../support/people.ts';
import { registerPerson, type LoginResult, type RegisterResult } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { startReceiver, type ReceivedSpan } from './otlp-receiver.ts';

/** A server that sends what it has recorded when it stops. */
async function startTraced(url: string, more: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...more });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= server.stop());
  onTestFinished(stop);
  return { ...server, stop };
}

const traceparent = (traceId: string) => `00-${traceId}-00f067aa0ba902b7-01`;

/** The name of a span and those of what it belongs to, from the outermost on. */
function pathOf(span: ReceivedSpan, spans: readonly ReceivedSpan[]): string[] {
  const around = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(around ? pathOf(around, spans) : []), span.name];
}

test('a sign-in is one trace, within that of its caller, and tells no secret and no person', async () => {
  const receiver = await startReceiver();
  const server = await startTraced(receiver.url, { RATE_LIMITS: 'on' });
  const person = await registerPerson(server);
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const answer = await server.client
    .with({ traceparent: traceparent(traceId), 'user-agent': 'a device of somebody' })
    .graphql<LoginResult>(loginMutation, { input: { email: person.email, password } });
  const token = answer.data.login.token ?? '';
  expect(token).toMatch(/^gh_s_/);
  await server.stop();

  const spans = receiver.spans.filter((span) => span.traceId === traceId);
  const request = spans.find(({ name }) => name === 'POST /graphql');
  expect(request).toMatchObject({
    parentSpanId: '00f067aa0ba902b7',
    failed: false,
    attributes: { 'http.route': '/graphql', 'http.response.status_code': 200 },
  });
  const within = ['POST /graphql', 'GraphQL mutation', 'login'];
  const paths = spans.map((span) => pathOf(span, spans));
  expect(paths).toContainEqual(within);
  expect(paths).toContainEqual([...within, 'verify password']);
  expect(paths).toContainEqual([...within, 'SELECT']);
  expect(paths).toContainEqual([...within, 'INSERT']);
  expect(paths).toContainEqual([...within, 'COMMIT']);
  // Of all that was sent, whatever the trace.
  const sent = receiver.bodies.join('\n');
  expect(sent).toContain('INSERT INTO');
  for (const secret of [password, token, token.slice(5), person.token, person.email, person.id]) {
    expect(sent).not.toContain(secret);
  }
  expect(sent).not.toMatch(/a device of somebody|\$2b\$|127\.0\.0\.1/);
});

test('what an operation reads for its fields belongs to it, not to the next one', async () => {
  const receiver = await startReceiver();
  const server = await startTraced(receiver.url, { RUN_JOBS: 'false' });
  const { client } = await registerPerson(server);
  const ids = ['0af7651916cd43dd8448eb211c80319c', '1af7651916cd43dd8448eb211c80319d'];
  const [first, second] = ids;
  await Promise.all([
    client
      .with({ traceparent: traceparent(first ?? '') })
      .graphql('{ users { nodes { roles { name } } } }'),
    client
      .with({ traceparent: traceparent(second ?? '') })
      .graphql('{ customFieldDefinitions { key } }'),
  ]);
  await server.stop();
  const read = (traceId = '') =>
    receiver.spans
      .filter((span) => span.traceId === traceId)
      .map(({ attributes }) => attributes['db.query.text'])
      .join('\n');
  expect(read(first)).toContain('role_assignments');
  expect(read(first)).not.toContain('custom_field_definitions');
  expect(read(second)).toContain('custom_field_definitions');
});

test('a job and the mail it sends belong to what caused them', async () => {
  const receiver = await startReceiver();
  const server = await startTraced(receiver.url);
  await registerPerson(server);
  const traceId = '5bf92f3577b34da6a3ce929d0e0e4737';
  const email = newEmail();
  const { data } = await server.client
    .with({ traceparent: traceparent(traceId) })
    .graphql<RegisterResult>(registerMutation, { input: { email, password } });
  expect(data.register.errors).toEqual([]);
  const [mail] = await mailsTo(server, email);
  await server.stop();
  const spans = receiver.spans.filter((span) => span.traceId === traceId);
  const within = ['POST /graphql', 'GraphQL mutation', 'register', 'job send-mail', 'send mail'];
  expect(spans.map((span) => pathOf(span, spans))).toContainEqual(within);
  const sent = receiver.bodies.join('\n');
  expect(mail?.token).toBeDefined();
  for (const secret of [mail?.token ?? '', email]) expect(sent).not.toContain(secret);
});

test('pages are told without their query, and health checks not at all', async () => {
  const receiver = await startReceiver();
  const server = await startTraced(receiver.url, { RUN_JOBS: 'false' });
  for (const path of ['/healthz', '/readyz', '/metrics', '/confirm?token=tell-nobody']) {
    await fetch(server.url + path);
  }
  await server.stop();
  expect(receiver.spans.map(({ name }) => name)).toEqual(['GET /confirm']);
  expect(receiver.bodies.join('')).not.toContain('tell-nobody');
});

test('of the traces that begin here the share is taken that was asked for', async () => {
  const receiver = await startReceiver();
  const server = await startTraced(receiver.url, { OTEL_TRACES_SAMPLER_ARG: '0' });
  await registerPerson(server);
  await server.stop();
  expect(receiver.spans).toEqual([]);
});

test('a receiver that is away disturbs nobody, and is told of once', async () => {
  const server = await startTraced('http://127.0.0.1:9');
  const person = await registerPerson(server);
  expect((await person.client.graphql('{ me { id } }')).data).toEqual({ me: { id: person.id } });
  const begun = performance.now();
  await server.stop();
  expect(performance.now() - begun).toBeLessThan(10_000);
  const told = server.logged.filter((line) => line.includes('traces cannot be sent'));
  expect(told.length).toBeLessThanOrEqual(1);
});
