/** Where a client keeps the token of its session. */
export interface TokenStorage {
  get(): string | null | Promise<string | null>;
  set(token: string): void | Promise<void>;
  clear(): void | Promise<void>;
}

/** How long to be patient with `RATE_LIMITED`. */
export interface RetryPolicy {
  /** How often to send the request at most, the first time included. */
  readonly tries: number;
  /** How many seconds to wait at most, all waits together. */
  readonly maxWait: number;
}

export interface ClientOptions {
  /** The address of the API, `https://id.example.com/graphql`. In browsers it may be relative. */
  readonly endpoint: string;
  /** What to show with every request: an API key, or a token that is kept elsewhere. */
  readonly token?: string | undefined;
  /**
   * Keeps the token of the session: there after signing in, gone after signing out. Without it and
   * without `token`, the session is the cookie's.
   */
  readonly tokenStorage?: TokenStorage | undefined;
  /** Tries again after `RATE_LIMITED`, when the time has come that the server names. */
  readonly retry?: RetryPolicy | undefined;
  /** More headers for every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sends the requests in the place of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

export interface CallOptions {
  /** Ends the request, and the wait before the next try. */
  readonly signal?: AbortSignal | undefined;
  /** In the place of the client's. */
  readonly retry?: RetryPolicy | undefined;
}
