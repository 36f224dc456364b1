import { perSecond, type Row } from './report.ts';
import { median, ratioOf } from './statistics.ts';

type Throughput = (seconds: number) => Promise<number>;

/** Measures ours and theirs in turns after a warm-up; the row still lacks what was measured. */
export async function inTurns(
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  ours: Throughput,
  theirs: Throughput,
): Promise<
  Pick<Row, 'ours' | 'baseline' | 'rounds'> & { readonly ratio: NonNullable<Row['ratio']> }
> {
  for (const throughput of [ours, theirs]) await throughput(seconds);
  const [mine, others]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    mine.push(await ours(seconds));
    others.push(await theirs(seconds));
  }
  return {
    ours: perSecond(median(mine)),
    baseline: perSecond(median(others)),
    ratio: ratioOf(mine, others),
    rounds,
  };
}
