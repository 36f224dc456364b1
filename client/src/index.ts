export { createClient, type Client } from './client.ts';
export { GatehouseError, type RequestErrorCode } from './gatehouse-error.ts';
export type { Operation } from './operation.ts';
export type { CallOptions, ClientOptions, RetryPolicy, TokenStorage } from './options.ts';
export { isRefused, type UserError } from './refusal.ts';
export { createRequest, type Request } from './request.ts';
export { tokenInMemory } from './token-in-memory.ts';
export type * from './types.ts';
