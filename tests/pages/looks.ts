import type { Page } from 'playwright-core';

/** How far text, and the frames of controls, stand out from what is behind them. */
export interface Contrast {
  readonly what: string;
  readonly ratio: number;
}

/**
 * The contrast of every text that can be seen, by the formula of WCAG 2.2 ("relative luminance"),
 * and of the frames of what can be typed into.
 */
export function contrasts(page: Page): Promise<{ texts: Contrast[]; frames: Contrast[] }> {
  return page.evaluate(() => {
    const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = numbers(color).map((value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ratio = (one: string, other: string) => {
      const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const ground = (element: Element | null): string => {
      if (element === null) return 'rgb(255, 255, 255)';
      const { backgroundColor } = getComputedStyle(element);
      return numbers(backgroundColor)[3] === 0 ? ground(element.parentElement) : backgroundColor;
    };
    const texts = [...document.querySelectorAll('main *')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .filter((element) => [...element.childNodes].some((node) => node.nodeName === '#text'))
      .map((element) => ({
        what: element.textContent.trim(),
        ratio: ratio(getComputedStyle(element).color, ground(element)),
      }));
    const frames = [...document.querySelectorAll('input')].map((input) => ({
      what: input.name,
      ratio: ratio(getComputedStyle(input).borderTopColor, ground(input.parentElement)),
    }));
    return { texts: texts.filter(({ what }) => what !== ''), frames };
  });
}

/** How much of the page moved without being asked to, as browsers count it; 0 is nothing. */
export function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            sum += (entry as unknown as { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      }),
  );
}

/** What a program that reads pages aloud would stumble over. */
export function unnamed(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    if (new Set(ids).size < ids.length) faults.push('an id is there twice');
    if (document.querySelectorAll('h1').length !== 1) faults.push('not one first heading');
    if (document.querySelectorAll('main').length !== 1) faults.push('not one main part');
    if (document.title === '') faults.push('no title');
    for (const input of document.querySelectorAll('input')) {
      if (input.labels?.length !== 1) faults.push(`no label: ${input.name}`);
    }
    for (const button of document.querySelectorAll('button')) {
      const name = button.getAttribute('aria-label') ?? button.textContent;
      if (name.trim() === '') faults.push('a button without a name');
    }
    for (const reference of ['aria-describedby', 'aria-controls', 'for']) {
      for (const element of document.querySelectorAll(`[${reference}]`)) {
        const missing = (element.getAttribute(reference) ?? '')
          .split(' ')
          .filter((id) => document.getElementById(id) === null);
        if (missing.length > 0) faults.push(`${reference} names ${missing.join()}`);
      }
    }
    for (const svg of document.querySelectorAll('svg')) {
      if (svg.getAttribute('aria-hidden') !== 'true') faults.push('a sign that is read aloud');
    }
    return faults;
  });
}
