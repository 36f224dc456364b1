import { hashSync } from 'bcryptjs';
import { createHash } from 'node:crypto';
import { password } from '../support/people.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export const owner = '01900000-0000-7000-8000-000000000001';
const user = '01900000-0000-7000-8000-000000000002';
export const sessionToken = `gh_s_${'s'.repeat(64)}`;
export const confirmToken = 'c'.repeat(64);
export const apiKey = `gh_k_${'k'.repeat(64)}`;
export const formerApiKey = `gh_k_${'f'.repeat(64)}`;

/** Rows as each migration's schema takes them, by the name of the migration they come after. */
export const rowsOfSteps: Readonly<Record<string, readonly string[]>> = {
  CreateUsersRolesSessions20261123000000: [
    `INSERT INTO users (id, email, username, password_hash, first_name, last_name, is_active,
       confirmed_at, timezone, preferred_locale, registration_ip, created_at, updated_at) VALUES
       ('${owner}', 'Owner@Example.com', 'Owner_1', '${hashSync(password, 4)}', 'Élise',
        'O''Brien', true, now(), 'Europe/Berlin', 'de', '192.0.2.1', now(), now()),
       ('${user}', 'user@example.com', NULL, '${hashSync(password, 4)}', NULL, NULL, true,
        NULL, NULL, NULL, '2001:db8::1', now(), now())`,
    `INSERT INTO users (id, email, password_hash, created_at, updated_at)
     SELECT gen_random_uuid(), 'user' || number || '@example.com', '', now(), now()
     FROM generate_series(1, 100) AS number`,
    `INSERT INTO roles (id, name, created_at, updated_at)
     VALUES ('01900000-0000-7000-8000-00000000000a', 'Editor', now(), now())`,
    `INSERT INTO role_assignments (user_id, role_id, assigned_at)
     SELECT users.id, roles.id, now() FROM users, roles
     WHERE (users.id = '${owner}') = (roles.name = 'Owner') AND roles.name IN ('Owner', 'User')`,
    `INSERT INTO role_assignments (user_id, role_id, assigned_by_id, assigned_at)
     SELECT '${user}', id, '${owner}', now() FROM roles WHERE name = 'Editor'`,
    `UPDATE installation SET owner_claimed_at = now()`,
    `INSERT INTO sessions (id, user_id, token_hash, last_seen_at, expires_at, created_at)
     VALUES ('01900000-0000-7000-8000-0000000000aa', '${owner}', '\\x${sha256(sessionToken)}',
       now(), now() + interval '60 days', now())`,
    `INSERT INTO audit_events (id, action, actor_type, actor_id, subject_id, metadata, created_at)
     VALUES ('01900000-0000-7000-8000-0000000000ab', 'user.registered', 'user', '${owner}',
       '${owner}', '{"kept": ["as", "it", "is"]}', now())`,
  ],
  CreateMailsTokensKeys20261123120000: [
    `INSERT INTO one_time_tokens (id, user_id, context, token_hash, email, sent_to, created_at,
       expires_at) VALUES ('01900000-0000-7000-8000-0000000000b1', '${user}', 'confirm',
       '\\x${sha256(confirmToken)}', 'user@example.com', 'user@example.com', now(),
       now() + interval '7 days')`,
    `INSERT INTO mails (id, user_id, kind, recipient, state, created_at)
     VALUES ('01900000-0000-7000-8000-0000000000b2', '${user}', 'confirm', 'user@example.com',
       'sent', now())`,
    `INSERT INTO mailbox_messages (id, recipient, subject, text, html, created_at)
     VALUES ('01900000-0000-7000-8000-0000000000b3', 'user@example.com', 'a', 'b', 'c', now())`,
    `INSERT INTO api_keys (id, name, key_hash, prefix, scopes, created_by_id, created_at)
     VALUES ('01900000-0000-7000-8000-0000000000b4', 'billing', '\\x${sha256(apiKey)}',
       'gh_k_kkkk', '{USERS_READ}', '${owner}', now())`,
    `UPDATE users SET registration_country_code = 'DE', registration_city = 'Köln'
     WHERE id = '${user}'`,
  ],
  CreateCustomFields20261125000000: [
    `INSERT INTO custom_field_definitions (key, label, type, position, options, created_at,
       updated_at) VALUES ('plan', 'Plan', 'select', 1, '{free,paid}', now(), now())`,
    `UPDATE users SET custom_fields = '{"plan": "paid", "deep": {"er": [1, null]}}'
     WHERE id = '${owner}'`,
  ],
  CreateImages20261125200000: [
    `INSERT INTO images (id, user_id, sha256, mime_type, width, height, size, status, created_at)
     VALUES ('01900000-0000-7000-8000-0000000000c1', '${user}', '${'0'.repeat(64)}', 'image/png',
       1, 1, 68, 'READY', now())`,
    `INSERT INTO loose_images (id, since) VALUES ('01900000-0000-7000-8000-0000000000c2', now())`,
  ],
  AddKeyRotation20261125210000: [
    `INSERT INTO former_secrets (key_hash, api_key_id, expires_at)
     VALUES ('\\x${sha256(formerApiKey)}', '01900000-0000-7000-8000-0000000000b4',
       now() + interval '1 hour')`,
  ],
  CreateSigningKeys20261125220000: [
    `INSERT INTO signing_keys (id, public_key, sealed_private_key, signs_from, created_at)
     VALUES ('01900000-0000-7000-8000-0000000000d1', '{"kty": "EC"}', '\\x00',
       now() - interval '1 day', now())`,
  ],
  CreateWebhooks20261126000000: [
    `INSERT INTO webhooks (id, url, events, sealed_secret, created_by_id, created_at, updated_at)
     VALUES ('01900000-0000-7000-8000-0000000000e1', 'https://example.com/hook', '{USER_DELETED}',
       '\\x00', '${owner}', now(), now())`,
    `INSERT INTO webhook_deliveries (id, webhook_id, event_id, type, user_id, data, state, created_at)
     VALUES ('01900000-0000-7000-8000-0000000000e2', '01900000-0000-7000-8000-0000000000e1',
       '01900000-0000-7000-8000-0000000000e3', 'USER_DELETED', '${user}', '{}', 'delivered', now())`,
  ],
};
