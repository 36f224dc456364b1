import type { Ctx } from '../context.ts';

/** What resolvers may touch beyond what services may: the session cookie of this request. */
export interface RequestCtx extends Ctx {
  readonly sessionCookie: SessionCookie;
  /** The credential came by cookie, which browsers attach by themselves, whoever asks. */
  readonly byCookie: boolean;
  /** The page that asks is Gatehouse's own or one that `ALLOWED_ORIGINS` names. */
  readonly fromTrustedOrigin: boolean;
  /** Where the caller reaches Gatehouse, such as `https://id.example.com`. */
  readonly publicUrl: string;
}

export interface SessionCookie {
  /** Without `expiresAt` the cookie ends with the browser. */
  set(token: string, expiresAt: Date | undefined): void;
  clear(): void;
}
