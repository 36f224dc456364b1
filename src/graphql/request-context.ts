import type { Ctx } from '../context.ts';

/** What resolvers may touch beyond what services may: the session cookie of this request. */
export interface RequestCtx extends Ctx {
  readonly sessionCookie: SessionCookie;
  /** The credential came by cookie, which browsers attach by themselves, whoever asks. */
  readonly byCookie: boolean;
  /** The credential was an access token, which others may have been shown. */
  readonly byAccessToken: boolean;
  /** The page that asks is Gatehouse's own or one that `ALLOWED_ORIGINS` names. */
  readonly fromTrustedOrigin: boolean;
  /** Where the caller reaches Gatehouse, such as `https://id.example.com`. */
  readonly publicUrl: string;
  /** What Gatehouse calls itself in the tokens it signs, on every instance. */
  readonly issuer: string;
}

export interface SessionCookie {
  /** Without `expiresAt` the cookie ends with the browser. */
  set(token: string, expiresAt: Date | undefined): void;
  clear(): void;
}
