import type { Tx } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';

// What metadata may keep when the person it is about is gone: nothing that was typed by them or
// tells who they were. What is not named here is dropped, so new metadata is never kept by mistake.
const impersonal = [
  'role',
  'reason',
  'count',
  'sessionsEnded',
  'keepOwn',
  'kind',
  'mailId',
  'context',
  'confirmed',
];

/**
 * Takes out of the audit log what tells of a person: their addresses and programs wherever they
 * acted, and what changed about them from what to what. Actions, times, ids and the names of the
 * fields that changed stay. Of what other people did to them, where those did it from stays too.
 */
export async function forgetPerson(tx: Tx, userId: UserId): Promise<void> {
  await tx.db.query(
    `UPDATE audit_events SET ip_address = NULL, user_agent = NULL
     WHERE actor_id = $1 AND subject_id IS DISTINCT FROM $1`,
    [userId],
  );
  await tx.db.query(
    `UPDATE audit_events SET
       ip_address = CASE WHEN ${byAnotherPerson} THEN ip_address END,
       user_agent = CASE WHEN ${byAnotherPerson} THEN user_agent END,
       metadata = ${impersonalMetadata}
     WHERE subject_id = $1`,
    [userId, impersonal],
  );
}

// A key speaks for the person: the address it names is theirs.
const byAnotherPerson = `actor_type = 'user' AND actor_id <> $1`;

const impersonalMetadata = `
  coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(metadata)
    WHERE key = ANY($2) OR (key = 'from' AND action = 'ownership.transferred')), '{}')
  || CASE WHEN jsonb_typeof(metadata -> 'changes') = 'object'
    THEN jsonb_build_object('changed',
      (SELECT jsonb_agg(field ORDER BY field) FROM jsonb_object_keys(metadata -> 'changes') field))
    ELSE '{}' END`;
