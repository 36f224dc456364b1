import { registerEnumType } from 'type-graphql';
import { scopes, type Scope } from '../actor.ts';

export const scopeTypeName = 'Scope';

/** The scopes, as TypeGraphQL knows an enum. */
export const ScopeType = Object.fromEntries(scopes.map((name) => [name, name])) as {
  readonly [Name in Scope]: Name;
};

registerEnumType(ScopeType, {
  name: scopeTypeName,
  description: 'What an API key may be allowed to do.',
  valuesConfig: {
    USERS_READ: { description: 'Read about users, their roles and their fields.' },
    USERS_WRITE: { description: 'Make, change, deactivate and delete ordinary users.' },
    ROLES_WRITE: { description: 'Give roles to anyone and take them away.' },
    SESSIONS_WRITE: { description: 'Open and end sessions of users.' },
    TOKENS_READ: { description: 'Ask whose a session token is and whether it is good.' },
    CREDENTIALS_VERIFY: {
      description: 'Check the credentials of users without signing them in.',
    },
    AUDIT_READ: { description: 'Read the audit log.' },
  },
});
