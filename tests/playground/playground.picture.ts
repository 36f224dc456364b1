import { onTestFinished, test, vi } from 'vitest';
import { signIn, useBrowser } from '../support/browser.ts';
import { password, registerMutation } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

const visit = useBrowser();

vi.setConfig({ testTimeout: 120_000 });

const people = ['Ada Lovelace', 'Grace Hopper', 'Barbara Liskov', 'Radia Perlman'].map((name) => {
  const [firstName = '', lastName = ''] = name.split(' ');
  return { firstName, lastName, email: `${firstName.toLowerCase()}@example.com`, password };
});

test('docs/pictures/playground.png: an Owner reads the list of users', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.stop());
  for (const input of people) await server.client.graphql(registerMutation, { input });
  const { page } = await visit(server.url, { viewport: { width: 1280, height: 760 } });
  await signIn(page, people[0]?.email ?? '', password);
  await page.getByTestId('signed-in-as').getByText('Owner').waitFor();
  await page.locator('.graphiql-query-editor .view-lines').waitFor();
  const result = page.getByRole('region', { name: 'Result Window' });
  await vi.waitFor(
    async () => {
      await page.getByLabel('Examples').selectOption({ label: 'All accounts' });
      await page.getByRole('button', { name: /^Execute query/ }).click({ timeout: 5_000 });
      await result.getByText('radia@example.com').waitFor({ timeout: 5_000 });
    },
    { timeout: 60_000 },
  );
  await page.screenshot({ path: 'docs/pictures/playground.png' });
});
