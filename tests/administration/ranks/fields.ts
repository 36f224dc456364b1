import type { Client } from '../../support/client.ts';
import { asAdmin, asKey, asMightyKey, asOwner, type Case } from './ranks.ts';

/** The operations that write fields, with what they are given beside the user. */
const calls = {
  updateUserFields: 'fields: { firstName: "Changed", department: "Support" }',
  setUserCustomField: 'key: "department", value: "Support"',
  deleteUserCustomField: 'key: "department"',
  updateUserCustomFields: 'customFields: { department: "Support" }',
};

/** What is written into the fields of one user: the same for every way of writing them. */
export const fieldCases: readonly Case[] = Object.entries(calls).map(([mutation, given]) => ({
  name: mutation,
  mutation,
  scope: 'USERS_WRITE',
  run: (client: Client, id: string) =>
    client.graphql(
      `mutation ($id: ID!) {
        outcome: ${mutation}(userId: $id, ${given}) { errors { code field message } }
      }`,
      { id },
    ),
  admin: asAdmin,
  owner: asOwner,
  key: asKey,
  mightyKey: asMightyKey,
}));
