import type { People } from './people.ts';
import type { Row } from './report.ts';

/** What every scenario is given. */
export interface Bench {
  readonly quick: boolean;
  readonly databaseUrl: string;
  /** Where the data of `databaseUrl` lies. */
  readonly dataDir: string;
  readonly people: People;
}

export type Scenario = (bench: Bench) => Promise<Row[]>;

/** Runs `work` with what has to be stopped afterwards, the last one first, however it ends. */
export async function stopping<T>(
  work: (stopLater: <S extends { stop(): Promise<unknown> }>(started: S) => S) => Promise<T>,
): Promise<T> {
  const started: { stop(): Promise<unknown> }[] = [];
  try {
    return await work((one) => {
      started.push(one);
      return one;
    });
  } finally {
    for (const one of started.reverse()) await one.stop();
  }
}
