/** Whether to be done in a minute: as with every change, and not before a release. */
export const isShort = process.env.FAULTS === 'short';
