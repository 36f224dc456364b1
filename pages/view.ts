import { element, signOf, type Sign } from './elements.ts';
import { appName } from './settings.ts';

export interface View {
  readonly title: string;
  readonly sign?: Sign;
  readonly content: readonly Node[];
}

/** What the page shows. Replacing a view moves the focus to the new title, which is read aloud. */
export function show({ title, sign, content }: View): void {
  const place = part('view');
  const isFirst = place.childElementCount === 0;
  const heading = element('h1', { tabindex: '-1' }, [title]);
  document.title = `${title} – ${appName}`;
  place.replaceChildren(...(sign ? [signOf(sign)] : []), heading, ...content);
  announce('');
  if (!isFirst) heading.focus();
}

/** Says something to those who hear the page; the others see it in the view. */
export function announce(text: string): void {
  part('status').textContent = text;
}

function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element with the id "${id}".`);
  return found;
}
