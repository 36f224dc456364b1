import type { Output } from './output.ts';

const redrawMilliseconds = 200;
const barWidth = 24;

export interface Progress {
  /** Tells how many of `total` are done, and how many rows that were. */
  update(done: number, rows: number): void;
  /** Clears the line. */
  end(): void;
}

/** A bar with rate and time left, where somebody is watching. `total` may not be known. */
export function showProgress(output: Output, total: number | undefined): Progress {
  if (!output.isWatched) return { update: () => undefined, end: () => undefined };
  const startedAt = Date.now();
  let drawnAt = 0;
  return {
    update(done, rows) {
      const now = Date.now();
      if (now - drawnAt < redrawMilliseconds) return;
      drawnAt = now;
      output.redraw(progressLine((now - startedAt) / 1000, done, total, rows));
    },
    end: () => output.redraw(''),
  };
}

/** Such as `[########----------------]  33 %  12,000 rows  4,000/s  6 s left`. */
export function progressLine(
  seconds: number,
  done: number,
  total: number | undefined,
  rows: number,
): string {
  const rate = seconds > 0 ? Math.round(rows / seconds) : 0;
  const counts = `${rows.toLocaleString('en')} rows  ${rate.toLocaleString('en')}/s`;
  if (total === undefined || total === 0) return counts;
  const share = Math.min(done / total, 1);
  const bar = '#'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '-');
  const percent = String(Math.floor(share * 100)).padStart(3);
  const left = share > 0 ? `  ${duration((seconds / share) * (1 - share))} left` : '';
  return `[${bar}] ${percent} %  ${counts}${left}`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
