/**
 * Whether a password has become public in a breach, of whatever service. Throws, within a few
 * seconds, when nobody can tell.
 */
export type IsBreached = (password: string) => Promise<boolean>;
