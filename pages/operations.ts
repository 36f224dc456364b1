import * as operations from '../client/src/operations.ts';
import { send } from './requests.ts';

// Each mutation answers why nothing was changed; nothing, when it was.

export async function confirmEmail(token: string) {
  return (await send(operations.confirmEmail, { token })).confirmEmail.errors;
}

export async function confirmEmailChange(token: string) {
  return (await send(operations.confirmEmailChange, { token })).confirmEmailChange.errors;
}

export async function requestEmailConfirmation(email: string) {
  const { requestEmailConfirmation: payload } = await send(operations.requestEmailConfirmation, {
    email,
  });
  return payload.errors;
}

export async function requestPasswordReset(email: string) {
  return (await send(operations.requestPasswordReset, { email })).requestPasswordReset.errors;
}

export async function resetPassword(token: string, password: string) {
  return (await send(operations.resetPassword, { token, password })).resetPassword.errors;
}

/** The masked address of the account that a link is for; null when the link does not work. */
export async function findPasswordReset(token: string): Promise<string | null> {
  return (await send(operations.passwordReset, { token })).passwordReset?.maskedEmail ?? null;
}
