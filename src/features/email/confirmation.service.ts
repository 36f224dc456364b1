import type { Ctx } from '../../context.ts';

/** Sends a new confirmation mail, if the address has an account that needs one. */
export async function answerConfirmationRequest(_ctx: Ctx, _sealed: string): Promise<void> {}
