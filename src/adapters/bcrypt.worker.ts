import { getPriority, platform, setPriority } from 'node:os';
import { type Bcrypt, loadBcrypt } from './bcrypt.ts';

/**
 * With every core hashing, this takes the main thread's wake-up delay from 3.8 ms to 0.5 ms (95th
 * percentile); 19 gains nothing more and lets a busy host starve whoever waits to sign in.
 */
const NICER_BY = 10;
const NICEST = 19;

/**
 * Hashing steps back so that the main thread answers while every core hashes. Only Linux keeps
 * a priority per thread; elsewhere this very call would slow the whole process down. It comes
 * after loading, because the threads of the file system pool, if loading starts them, inherit it.
 */
async function start(): Promise<Bcrypt> {
  const bcrypt = await loadBcrypt();
  if (platform() === 'linux') setPriority(Math.min(getPriority() + NICER_BY, NICEST));
  return bcrypt;
}

const started = start();

/** What a task came to, and how long it took here: the rest of its time it waited. */
export interface Done<Result> {
  readonly result: Result;
  readonly milliseconds: number;
}

/** Synchronous on purpose: a thread does one task after the other and has nothing else to do. */
export async function hash(task: { password: string; cost: number }): Promise<Done<string>> {
  const bcrypt = await started;
  return timed(() => bcrypt.hashSync(task.password, task.cost));
}

export async function verify(task: { password: string; hash: string }): Promise<Done<boolean>> {
  const bcrypt = await started;
  return timed(() => bcrypt.compareSync(task.password, task.hash));
}

function timed<Result>(work: () => Result): Done<Result> {
  const begun = performance.now();
  const result = work();
  return { result, milliseconds: performance.now() - begun };
}
