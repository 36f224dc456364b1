interface Bcrypt {
  readonly name: string;
  hash(password: string, cost: number): string;
}

interface BcryptModule {
  readonly hashSync: (password: string, cost: number) => string;
  readonly default?: BcryptModule;
}

/** `bcrypt` and `bcryptjs` are what Gatehouse may use; the third is here to measure it against. */
const modules = ['bcrypt', 'bcryptjs', '@node-rs/bcrypt'];

/** The fastest bcrypt installed. */
export async function fastestBcrypt(): Promise<Bcrypt> {
  const installed = (await Promise.all(modules.map(load))).filter((found) => found !== undefined);
  const timed = installed.map((bcrypt) => ({ bcrypt, time: Math.min(...hashTimes(bcrypt, 9, 8)) }));
  const [fastest] = timed.sort((a, b) => a.time - b.time);
  if (fastest === undefined) throw new Error('No bcrypt is installed.');
  return fastest.bcrypt;
}

async function load(name: string): Promise<Bcrypt | undefined> {
  try {
    const imported = (await import(name)) as BcryptModule;
    const { hashSync } = imported.default ?? imported;
    return { name, hash: hashSync };
  } catch {
    return undefined;
  }
}

/** The milliseconds that hashing on this thread takes, with nothing else to do, several times. */
export function hashTimes(bcrypt: Bcrypt, cost: number, times: number): number[] {
  return Array.from({ length: times }, () => {
    const startedAt = performance.now();
    bcrypt.hash('correct horse battery', cost);
    return performance.now() - startedAt;
  });
}
