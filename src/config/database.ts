import type { Variables } from './variables.ts';

export interface DatabaseConfig {
  /** Undefined: the embedded PostgreSQL. */
  readonly url: string | undefined;
  /** Past the pooler that `url` leads to; undefined without one. */
  readonly directUrl: string | undefined;
  readonly replicaUrls: readonly string[];
  readonly poolSize: number;
}

export function toDatabase(env: Variables): DatabaseConfig {
  return {
    url: env.DATABASE_URL,
    directUrl: env.DATABASE_DIRECT_URL,
    replicaUrls: env.DATABASE_REPLICA_URLS ?? [],
    poolSize: env.DATABASE_POOL_SIZE ?? 20,
  };
}
