import { decodeJwt, decodeProtectedHeader } from 'jose';
import { parseId, type SessionId, type SigningKeyId } from '../../identifiers.ts';

/** RFC 9068: nothing else that is signed with the same key passes for an access token. */
export const accessTokenType = 'at+jwt';

/** What a token says of itself. Nothing of it is true before its signature has been checked. */
interface Claimed {
  readonly keyId: SigningKeyId;
  readonly sessionId: SessionId;
}

/** A credential as an access token, or undefined when it can be none. */
export function readClaims(credential: string): Claimed | undefined {
  try {
    const { alg, kid } = decodeProtectedHeader(credential);
    const { sid } = decodeJwt(credential);
    if (alg !== 'ES256' || kid === undefined || typeof sid !== 'string') return undefined;
    const keyId = parseId<SigningKeyId>(kid);
    const sessionId = parseId<SessionId>(sid);
    return keyId && sessionId && { keyId, sessionId };
  } catch {
    return undefined; // decoding throws for what is no JWT
  }
}
