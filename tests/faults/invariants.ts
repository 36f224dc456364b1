import type { TestDatabase } from '../support/database.ts';

/**
 * What holds after every transaction, however the server or its database ended. Each statement finds
 * what breaks the rule. They know nothing of the load but that nobody's role is taken away by it.
 */
const invariants: Readonly<Record<string, string>> = {
  'every user has a role': `
    SELECT id FROM users WHERE NOT EXISTS (SELECT FROM role_assignments WHERE user_id = users.id)`,
  'every user was recorded once, when they were made': `
    SELECT id FROM users WHERE 1 <> (SELECT count(*) FROM audit_events
      WHERE subject_id = users.id AND action IN ('user.registered', 'user.created'))`,
  'nobody is recorded as made who is not there and was not deleted': `
    SELECT subject_id FROM audit_events AS made
    WHERE action IN ('user.registered', 'user.created')
      AND NOT EXISTS (SELECT FROM users WHERE id = made.subject_id)
      AND NOT EXISTS (SELECT FROM audit_events
        WHERE subject_id = made.subject_id AND action = 'user.deleted')`,
  'of the deleted nothing is left': `
    SELECT subject_id FROM audit_events AS deleted WHERE action = 'user.deleted'
      AND (EXISTS (SELECT FROM users WHERE id = deleted.subject_id)
        OR EXISTS (SELECT FROM mails WHERE user_id = deleted.subject_id))`,
  'who is not confirmed has one link, and one mail with it': `
    SELECT id FROM users WHERE confirmed_at IS NULL
      AND NOT EXISTS (SELECT FROM audit_events
        WHERE subject_id = users.id AND action = 'password.changed')
      AND (1 <> (SELECT count(*) FROM one_time_tokens WHERE user_id = users.id AND context = 'confirm')
        OR 1 <> (SELECT count(*) FROM mails WHERE user_id = users.id AND kind = 'confirm'))`,
  'every change of a password was told by one mail': `
    SELECT id FROM users
    WHERE (SELECT count(*) FROM audit_events WHERE subject_id = users.id AND action = 'password.changed')
      <> (SELECT count(*) FROM mails WHERE user_id = users.id AND kind = 'password-changed')`,
  'every session was recorded when it was opened': `
    SELECT user_id FROM sessions GROUP BY user_id HAVING count(*) >
      (SELECT count(*) FROM audit_events WHERE subject_id = user_id AND action = 'session.opened')
      - (SELECT count(*) FROM audit_events WHERE subject_id = user_id AND action = 'session.ended')`,
  'every role given by somebody was recorded': `
    SELECT user_id, role_id FROM role_assignments AS given WHERE assigned_by_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM audit_events WHERE subject_id = given.user_id
        AND action IN ('role.assigned', 'user.created'))`,
  // The job of a mail that went with its user stays, and finds nothing to do.
  'every mail that waits has a job': `
    SELECT id FROM mails WHERE state = 'queued' AND NOT EXISTS (
      SELECT FROM graphile_worker._private_jobs WHERE payload ->> 'mailId' = mails.id::text)`,
  'the seat of the Owner is taken when there is an Owner, and never twice': `
    SELECT count(user_id) FROM installation LEFT JOIN role_assignments
      ON role_id = (SELECT id FROM roles WHERE name = 'Owner')
    GROUP BY owner_claimed_at
    HAVING count(user_id) <> (owner_claimed_at IS NOT NULL)::int`,
};

/** The rules that are broken, with what breaks them; nothing when all is well. */
export async function brokenInvariants(
  database: Pick<TestDatabase, 'query'>,
): Promise<Record<string, unknown[]>> {
  const broken: Record<string, unknown[]> = {};
  for (const [rule, statement] of Object.entries(invariants)) {
    const found = await database.query(statement);
    if (found.length > 0) broken[rule] = found.slice(0, 5);
  }
  return broken;
}
