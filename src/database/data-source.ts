import 'reflect-metadata';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { CreateUsersRolesSessions20261123000000 } from '../../migrations/20261123000000-create-users-roles-sessions.ts';
import { CreateMailsTokensKeys20261123120000 } from '../../migrations/20261123120000-create-mails-tokens-keys.ts';
import { CreateCustomFields20261125000000 } from '../../migrations/20261125000000-create-custom-fields.ts';
import { AddDirectoryIndexes20261125100000 } from '../../migrations/20261125100000-add-directory-indexes.ts';
import { CreateImages20261125200000 } from '../../migrations/20261125200000-create-images.ts';
import { AddKeyRotation20261125210000 } from '../../migrations/20261125210000-add-key-rotation.ts';
import { CreateSigningKeys20261125220000 } from '../../migrations/20261125220000-create-signing-keys.ts';
import { AnnounceChangedUsers20261125230000 } from '../../migrations/20261125230000-announce-changed-users.ts';
import { CreateWebhooks20261126000000 } from '../../migrations/20261126000000-create-webhooks.ts';
import { SigningKey } from '../features/access-token/signing-key.entity.ts';
import { ApiKey } from '../features/api-key/api-key.entity.ts';
import { FormerSecret } from '../features/api-key/former-secret.entity.ts';
import { AuditEvent } from '../features/audit/audit-event.entity.ts';
import { Image } from '../features/avatar/image.entity.ts';
import { LooseImage } from '../features/avatar/loose-image.entity.ts';
import { CustomFieldDefinition } from '../features/custom-field/custom-field-definition.entity.ts';
import { Mail } from '../features/mail/mail.entity.ts';
import { MailboxMessage } from '../features/mail/mailbox-message.entity.ts';
import { OneTimeToken } from '../features/one-time-token/one-time-token.entity.ts';
import { RateLimit } from '../features/rate-limit/rate-limit.entity.ts';
import { Installation } from '../features/registration/installation.entity.ts';
import { RoleAssignment } from '../features/role-assignment/role-assignment.entity.ts';
import { Role } from '../features/role/role.entity.ts';
import { Session } from '../features/session/session.entity.ts';
import { User } from '../features/user/user.entity.ts';
import { WebhookDelivery } from '../features/webhook-delivery/webhook-delivery.entity.ts';
import { Webhook } from '../features/webhook/webhook.entity.ts';
import { typeParsers } from './times.ts';

const migrations = [
  CreateUsersRolesSessions20261123000000,
  CreateMailsTokensKeys20261123120000,
  CreateCustomFields20261125000000,
  AddDirectoryIndexes20261125100000,
  CreateImages20261125200000,
  AddKeyRotation20261125210000,
  CreateSigningKeys20261125220000,
  AnnounceChangedUsers20261125230000,
  CreateWebhooks20261126000000,
];

/** A statement or a transaction that hangs must not keep its connection. */
export const timeouts: Readonly<Record<string, number>> = {
  statement_timeout: 30_000,
  idle_in_transaction_session_timeout: 60_000,
};

/** A data source on `url`, not yet connected. Every entity and migration is listed here. */
export function createDataSource(url: string, poolSize: number, settings = timeouts): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    applicationName: 'gatehouse',
    poolSize,
    // A database that does not answer must fail requests, not collect them.
    connectTimeoutMS: 5_000,
    extra: { ...settings, types: typeParsers },
    entities: [
      User,
      Role,
      RoleAssignment,
      Session,
      OneTimeToken,
      ApiKey,
      FormerSecret,
      SigningKey,
      Mail,
      MailboxMessage,
      AuditEvent,
      CustomFieldDefinition,
      Image,
      LooseImage,
      RateLimit,
      Installation,
      Webhook,
      WebhookDelivery,
    ],
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    // The ids are made by the application: no extension for generating them is wanted.
    installExtensions: false,
  });
}

/** The pool of `pg` that a connected data source keeps, for what goes past the ORM. */
export function poolOf(dataSource: DataSource): Pool {
  // TypeORM's types do not say it: the Postgres driver's `master` is the pool.
  const { master } = dataSource.driver as unknown as { readonly master: Pool };
  return master;
}
