/** How many calls pass in a sliding window. `max: 0` switches a limit off. */
export interface Limit {
  readonly max: number;
  readonly windowSeconds: number;
}

/**
 * Every limit by name, with its default. Each is one environment variable, `RATE_LIMIT_<NAME>`.
 * The numbers per account and per network are those of PhoenixKit's rate limiter; those that end
 * in `_ACCOUNT` and `_NETWORK` close what it left open (one attacker locking an owner out, one
 * network trying many accounts).
 */
export const defaultLimits = {
  LOGIN: { max: 5, windowSeconds: 60 },
  LOGIN_ACCOUNT: { max: 30, windowSeconds: 60 },
  LOGIN_NETWORK: { max: 15, windowSeconds: 60 },
  REGISTER_EMAIL: { max: 3, windowSeconds: 3600 },
  REGISTER_NETWORK: { max: 10, windowSeconds: 3600 },
  VALIDATE_NETWORK: { max: 60, windowSeconds: 60 },
  MAIL_EMAIL: { max: 3, windowSeconds: 300 },
  MAIL_NETWORK: { max: 10, windowSeconds: 300 },
  TOKEN_NETWORK: { max: 20, windowSeconds: 60 },
  PASSWORD_USER: { max: 5, windowSeconds: 60 },
  AVATAR_USER: { max: 30, windowSeconds: 60 },
  REQUESTS: { max: 600, windowSeconds: 60 },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof defaultLimits;

export const limitNames = Object.keys(defaultLimits) as readonly LimitName[];
