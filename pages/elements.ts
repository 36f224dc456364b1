type Attributes = Readonly<Record<string, string>>;
type Content = readonly (Node | string)[];

/** An element of the page. Content is text, never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  content: Content = [],
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** Runs of text below a title. */
export function paragraphs(...lines: readonly string[]): HTMLElement[] {
  return lines.map((line) => element('p', { class: 'lead' }, [line]));
}

const paths = {
  done: 'M20 3a17 17 0 1 1 0 34 17 17 0 0 1 0-34M12.5 20.5l5 5 10-11',
  problem: 'M20 3a17 17 0 1 1 0 34 17 17 0 0 1 0-34M20 12v10M20 27.5v.5',
} as const;

export type Sign = keyof typeof paths;

/** A sign that says at a glance how it went; the title says the same in words. */
export function signOf(sign: Sign): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 40 40');
  svg.setAttribute('class', `sign sign-${sign}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', paths[sign]);
  svg.append(path);
  return svg;
}
