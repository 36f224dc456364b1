import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { transaction, type Ctx, type Tx } from '../../context.ts';
import { newId, type SigningKeyId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { SigningKey } from './signing-key.entity.ts';

/** A key that can sign, in the clear: for as long as a token takes to be made. */
export interface PrivateKey {
  readonly id: SigningKeyId;
  readonly jwk: JWK;
}

const signsForDays = 30;
// A new key is published before it signs, and a former one for as long after its last token.
// Both are much longer than anybody is told to keep the public keys, and than tokens live.
const overlapDays = 1;

/**
 * What signs at this moment. The first key is made when it is needed, and so is one when none can
 * be opened with this `APP_SECRET`: of the instances that find none, one makes it.
 */
export async function signingKey(ctx: Ctx): Promise<PrivateKey> {
  return (await findUsable(ctx)) ?? transaction(ctx, makeFirst);
}

/** The public keys that tokens of this moment are checked with, the next key among them. */
export async function listPublicKeys(ctx: Ctx): Promise<JWK[]> {
  const read = () => ctx.db.find(SigningKey, { order: { signsFrom: 'DESC', id: 'DESC' } });
  let keys = await read();
  if (keys.length === 0) {
    await signingKey(ctx);
    keys = await read();
  }
  return keys.map(({ id: kid, publicKey }) => ({ ...publicKey, kid, alg: 'ES256', use: 'sig' }));
}

/**
 * Makes the next key, a day before the present one has signed for thirty, and deletes those whose
 * last token ran out long ago. Answers how many keys came and went.
 */
export function rotateSigningKeys(ctx: Ctx): Promise<number> {
  return transaction(ctx, async (ctx) => {
    await lockSigningKeys(ctx);
    const [due]: { signs_from: Date }[] = await ctx.db.query(
      `SELECT greatest(max(signs_from) + make_interval(days => $1),
         now() + make_interval(days => $2)) AS signs_from
       FROM signing_keys HAVING max(signs_from) <= now() - make_interval(days => $1 - $2)`,
      [signsForDays, overlapDays],
    );
    if (due !== undefined) await makeKey(ctx, due.signs_from);
    const [, removed]: [unknown, number] = await ctx.db.query(
      `DELETE FROM signing_keys former WHERE EXISTS (
         SELECT FROM signing_keys later WHERE later.signs_from > former.signs_from
           AND later.signs_from < now() - make_interval(days => $1))`,
      [overlapDays],
    );
    return removed + (due === undefined ? 0 : 1);
  });
}

async function makeFirst(tx: Tx): Promise<PrivateKey> {
  await lockSigningKeys(tx);
  return (await findUsable(tx)) ?? makeKey(tx, null);
}

/** Those who make keys take turns; nobody else waits. */
async function lockSigningKeys(tx: Tx): Promise<void> {
  await tx.db.query('LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE');
}

/** By the clock and not by `now()`: who waited for the lock began before the key was made. */
async function findUsable(ctx: Ctx): Promise<PrivateKey | undefined> {
  const rows: { id: SigningKeyId; sealed: Buffer }[] = await ctx.db.query(
    `SELECT id, sealed_private_key AS sealed FROM signing_keys
     WHERE signs_from <= clock_timestamp() ORDER BY signs_from DESC, id DESC`,
  );
  for (const { id, sealed } of rows) {
    const jwk = open(ctx, sealed);
    if (jwk !== undefined) return { id, jwk };
    ctx.log.warn({ keyId: id }, 'a signing key cannot be opened: APP_SECRET is another one');
  }
  return undefined;
}

function open({ ports }: Ctx, sealed: Buffer): JWK | undefined {
  try {
    return JSON.parse(ports.sealer.open(sealed)) as JWK;
  } catch {
    return undefined; // it throws for what was sealed with another secret
  }
}

/** Makes a key that signs from a time on, or at once. */
async function makeKey(tx: Tx, from: Date | null): Promise<PrivateKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const id = newId<SigningKeyId>();
  const jwk = await exportJWK(privateKey);
  const sealed = tx.ports.sealer.seal(JSON.stringify(jwk));
  // At once is by the clock of the database, which all instances share, and not rounded up.
  const [made]: { signs_from: Date }[] = await tx.db.query(
    `INSERT INTO signing_keys (id, public_key, sealed_private_key, signs_from, created_at)
     VALUES ($1, $2, $3, coalesce($4::timestamptz, date_trunc('milliseconds', now())), now())
     RETURNING signs_from`,
    [id, JSON.stringify(await exportJWK(publicKey)), sealed, from],
  );
  const metadata = { signingKeyId: id, signsFrom: made?.signs_from };
  await record(tx, { action: 'signing_key.created', subjectId: null, metadata });
  return { id, jwk };
}
