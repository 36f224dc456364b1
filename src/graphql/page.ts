import { Denial } from '../errors.ts';

const maxPageSize = 100;
// A billion rows at the largest page: further than any list goes, and an offset PostgreSQL takes.
const maxPage = 10_000_000;

export interface Page {
  readonly page: number;
  readonly pageSize: number;
}

/** The page, or denied as `BAD_USER_INPUT` naming the argument that is out of bounds. */
export function requirePage(wanted: Page): Page {
  requireBetween('page', wanted.page, 1, maxPage);
  requireBetween('pageSize', wanted.pageSize, 1, maxPageSize);
  return wanted;
}

function requireBetween(argument: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  const message = `${argument} must be from ${min} to ${max}, not ${value}.`;
  throw new Denial('BAD_USER_INPUT', message, { argument });
}
