import { documents } from './documents.ts';
import { texts } from './language.ts';
import { RequestFailure, send, type UserError } from './requests.ts';

/** Performs a mutation. Answers why nothing was changed; nothing, when it was. */
export async function perform(
  mutation: Exclude<keyof typeof documents, 'passwordReset'>,
  variables: Readonly<Record<string, string>>,
): Promise<readonly UserError[]> {
  const data = await send<Record<string, { readonly errors: readonly UserError[] } | undefined>>(
    documents[mutation],
    variables,
  );
  const payload = data[mutation];
  if (payload === undefined) throw new RequestFailure(texts.failure.other);
  return payload.errors;
}

/** The masked address of the account that a link is for; null when the link does not work. */
export async function findPasswordReset(token: string): Promise<string | null> {
  const { passwordReset } = await send<{ passwordReset: { maskedEmail: string } | null }>(
    documents.passwordReset,
    { token },
  );
  return passwordReset?.maskedEmail ?? null;
}
