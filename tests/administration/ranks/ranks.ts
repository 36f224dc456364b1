import type { Scope } from '../../../src/actor.ts';
import type { Answer, Client, UserError } from '../../support/client.ts';

/**
 * Whom an operation is about. The caller is one of two Owners or Admins, so that neither oneself
 * nor the last Owner is the reason for what is seen, but for the columns of that name: the last
 * Owner of an Owner is the Owner.
 */
export const targets = [
  'self',
  'user',
  'admin',
  'owner',
  'last owner',
  'missing',
  'malformed',
] as const;
export type Target = (typeof targets)[number];

/** How an operation ends for each target: `ok`, or the code of the first error. */
export type Row = readonly [string, string, string, string, string, string, string];

export const ok = 'ok';
export const outranked = 'INSUFFICIENT_PERMISSIONS';
export const nobody = 'NOT_FOUND';

export const all = (code: string): Row => [code, code, code, code, code, code, code];

/** An operation on one user, and how it ends by who calls it. Everyone else is kept out. */
export interface Case {
  readonly name: string;
  /** The mutation, to see that none is left out. */
  readonly mutation: string;
  /** What an API key needs for it; none lets no key in. */
  readonly scope?: Scope;
  readonly run: (
    client: Client,
    id: string,
  ) => Promise<Answer<{ readonly outcome: { readonly errors: readonly UserError[] } | null }>>;
  /** Unless given, Admins may not call it at all. */
  readonly admin?: Row;
  readonly owner: Row;
  /** A key that has the scope and no other. */
  readonly key?: Row;
  /** A key that has every scope: it ranks as an Owner. */
  readonly mightyKey?: Row;
}

/** An Admin acts on ordinary users; an Owner on everyone. */
export const asAdmin: Row = [outranked, ok, outranked, outranked, outranked, nobody, nobody];
export const asOwner: Row = [ok, ok, ok, ok, ok, nobody, nobody];
/** A key is nobody's self. */
export const asKey: Row = [nobody, ok, outranked, outranked, outranked, nobody, nobody];
export const asMightyKey: Row = [nobody, ok, ok, ok, ok, nobody, nobody];
