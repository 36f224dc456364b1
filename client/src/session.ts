import type { TokenStorage } from './options.ts';

// Of `createSession` the token is somebody else's, so it is not kept.
const opening = ['register', 'login', 'changePassword'];

/** Keeps the token that an operation brought, and forgets the one that it ended. */
export async function followSession(
  storage: TokenStorage,
  data: object,
  variables: { readonly exceptCurrent?: unknown },
): Promise<void> {
  for (const [field, payload] of Object.entries(data)) {
    const { token, errors } = (payload ?? {}) as { token?: unknown; errors?: unknown[] };
    if (opening.includes(field) && typeof token === 'string') await storage.set(token);
    if (isEnd(field, variables) && !errors?.length) await storage.clear();
  }
}

function isEnd(field: string, { exceptCurrent }: { readonly exceptCurrent?: unknown }): boolean {
  return field === 'logout' || (field === 'logoutEverywhere' && exceptCurrent !== true);
}
