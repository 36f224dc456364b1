// As many dots whatever they stand for: the length of an address is no business of strangers.
const hidden = '•••';

/**
 * An address of which its owner knows which one it is, and others learn little: the first letters,
 * and the last label of the domain, such as `a•••@e•••.com`.
 */
export function maskEmail(email: string): string {
  const [localPart = '', domain = ''] = email.split('@');
  const labels = domain.split('.');
  const ending = labels.length > 1 ? `.${labels.at(-1) ?? ''}` : '';
  return `${firstCharacter(localPart)}${hidden}@${firstCharacter(domain)}${hidden}${ending}`;
}

function firstCharacter(text: string): string {
  const [first = ''] = text;
  return first;
}
