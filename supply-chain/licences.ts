/** A package under the path it is installed at, and what it says of its licence. */
export interface Licensed {
  readonly path: string;
  readonly licence: string | undefined;
}

/** The packages whose licence is none of `allowed`, in words. */
export function licenceFaults(packages: readonly Licensed[], allowed: ReadonlySet<string>) {
  return packages
    .filter(({ licence }) => licence === undefined || !isAllowed(licence, allowed))
    .map(({ path, licence }) => `${path} is under ${licence ?? 'no licence'}.`);
}

/**
 * Whether an SPDX expression can be met: of what is joined by OR one part is enough, of what is
 * joined by AND all are needed. Expressions as deep as anybody writes them: no OR within an AND.
 */
function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed.has(licence.trim())));
}
