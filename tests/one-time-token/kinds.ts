import { confirmEmail, confirmEmailChange, requestEmailChange } from '../email/addresses.ts';
import { mailedToken, reset } from '../recovery/resets.ts';
import type { Client } from '../support/client.ts';
import { newestMail } from '../support/mailbox.ts';
import { newEmail, registerUnconfirmed, type Person } from '../support/people.ts';
import type { TestServer } from '../support/server.ts';

const told = (errors: readonly { readonly field: string | null; readonly code: string }[]) =>
  errors.map(({ field, code }) => `${field} ${code}`);

/** The three kinds of mailed tokens: how one is mailed, and what redeems it. */
export const kinds = [
  {
    context: 'confirm',
    seconds: 7 * 86_400,
    redeem: async (client: Client, token: string) => (await confirmEmail(client, token)).refusals,
    mailed: async (server: TestServer, { email }: Person) =>
      (await newestMail(server, email)).token ?? '',
  },
  {
    context: 'reset_password',
    seconds: 3600,
    redeem: async (client: Client, token: string) => told((await reset(client, token)).errors),
    mailed: (server: TestServer, { email }: Person) => mailedToken(server, email),
  },
  {
    context: 'change_email',
    seconds: 7 * 86_400,
    redeem: async (client: Client, token: string) =>
      (await confirmEmailChange(client, token)).refusals,
    mailed: async (server: TestServer, person: Person) => {
      const email = newEmail();
      await requestEmailChange(person.client, email);
      return (await newestMail(server, email)).token ?? '';
    },
  },
] as const;

export type Kind = (typeof kinds)[number];

/** Someone new, and a token of the kind that was mailed to them. */
export async function withToken(server: TestServer, kind: Kind) {
  const person = await registerUnconfirmed(server);
  return { person, token: await kind.mailed(server, person) };
}

export const badToken = ['token INVALID_TOKEN'];
