import { Kind, parse, validate } from 'graphql';
import { expect, onTestFinished, test, vi } from 'vitest';
import { exampleGroups } from '../../playground/examples/groups.ts';
import { createSchema } from '../../src/schema.ts';
import { password, registerPerson, registerStaff } from '../support/people.ts';
import { production, startTestServer, type TestServer } from '../support/server.ts';
import { signIn, useBrowser } from '../support/browser.ts';

const visit = useBrowser();

vi.setConfig({ testTimeout: 120_000 });

async function start(environment: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer(environment);
  onTestFinished(() => server.stop());
  return server;
}

// Browsers keep `__Host-` cookies of http://localhost as they do those of https.

test('one signs in with the form and sees the answer of an operation', async () => {
  const server = await start();
  const owner = await registerPerson(server);
  const { page, complaints, hosts } = await visit(server.url);
  await signIn(page, owner.email, password);
  await page.getByTestId('signed-in-as').getByText('Owner').waitFor();
  await page.locator('.graphiql-query-editor .view-lines').waitFor();
  const editor = page.locator('.graphiql-query-editor');
  const execute = page.getByRole('button', { name: /^Execute query/ });
  const result = page.getByRole('region', { name: 'Result Window' });
  // Signing in loads the schema anew, and that drops what is executed in the middle of it.
  await vi.waitFor(
    async () => {
      await page.getByRole('tab', { name: 'Me', exact: true }).click({ timeout: 5_000 });
      await editor.getByText('lastSignInAt').waitFor({ timeout: 5_000 });
      await execute.click({ timeout: 5_000 });
      await result.getByText(owner.email).waitFor({ timeout: 5_000 });
    },
    { timeout: 60_000 },
  );

  await page.getByTestId('sign-out').click();
  await page.getByTestId('sign-in').waitFor();
  expect(complaints).toEqual([]);
  expect([...hosts]).toEqual([new URL(server.url).host]);
});

test('a wrong password is told in the form, which stays', async () => {
  const server = await start();
  const { email } = await registerPerson(server);
  const { page } = await visit(server.url);
  await signIn(page, email, 'not the password');
  await page.getByRole('alert').getByText('is not right').waitFor();
  expect(await page.getByTestId('sign-in').isVisible()).toBe(true);
  expect(await page.getByTestId('signed-in-as').count()).toBe(0);
});

const examples = exampleGroups.flatMap(({ title, examples }) =>
  examples.map((example) => ({ title, ...example })),
);

test.each(examples)(
  'the example "$title: $task" is valid, with its variables',
  ({ query, ...rest }) => {
    const document = parse(query);
    expect(validate(createSchema(), document)).toEqual([]);
    const [operation] = document.definitions;
    const declared = operation?.kind === Kind.OPERATION_DEFINITION ? operation : undefined;
    const names = (declared?.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
    const given = JSON.parse(rest.variables ?? '{}') as Record<string, unknown>;
    expect(Object.keys(given).sort()).toEqual([...names].sort());
  },
);

test('an example of the menu opens in a tab of its own, with its variables, once', async () => {
  const server = await start();
  const owner = await registerPerson(server);
  const { page, complaints } = await visit(server.url);
  await signIn(page, owner.email, password);
  await page.getByTestId('signed-in-as').getByText('Owner').waitFor();
  await page.locator('.graphiql-query-editor .view-lines').waitFor();
  for (const task of ['Give a role', 'The newest events', 'Give a role']) {
    await page.getByLabel('Examples').selectOption({ label: task });
  }
  await vi.waitFor(
    async () => {
      const titles = await page.locator('[role=tab]').allInnerTexts();
      expect(titles.slice(-2)).toEqual(['GiveRole', 'Newest']);
      const [operation, variables] = await page.locator('.view-lines').allInnerTexts();
      expect(operation).toContain('assignRole');
      expect(variables).toContain('"Editor"');
    },
    { timeout: 20_000, interval: 200 },
  );
  expect(complaints).toEqual([]);
});

test('in production a stranger gets the way in and nothing else', async () => {
  const server = await start(production);
  const response = await fetch(server.url);
  expect(response.status).toBe(401);
  expect(await response.text()).toContain('data-mode="sign-in"');
  const { page, hosts } = await visit(server.url);
  await page.getByTestId('sign-in').waitFor();
  expect(await page.locator('.graphiql-container').count()).toBe(0);
  expect([...hosts]).toEqual([new URL(server.url).host]);
});

test('in production administrators get the playground, ordinary users are told why not', async () => {
  const server = await start(production);
  const { admin, user } = await registerStaff(server);
  for (const { person, mode, status } of [
    { person: admin, mode: 'playground', status: 200 },
    { person: user, mode: 'sign-in', status: 401 },
  ]) {
    const headers = { cookie: `__Host-gatehouse=${person.token}` };
    const response = await fetch(server.url, { headers });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(`data-mode="${mode}"`);
  }
});
