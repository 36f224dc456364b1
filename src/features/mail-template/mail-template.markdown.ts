import { Marked, Parser, Renderer, type Token, type Tokens } from 'marked';
import { escapeHtml } from '../../text.ts';
import { linkPlaceholders } from './mail-template.rules.ts';

/** Inline styles by the name of an element or, with a dot, of a class. */
export type Styles = ReadonlyMap<string, string>;

export interface RenderedMarkdown {
  /** Placeholders are still in their braces in both. */
  readonly html: string;
  readonly text: string;
  readonly faults: readonly string[];
}

const marked = new Marked();

/**
 * One source, two versions that say the same. A paragraph that is nothing but a link becomes a
 * button with the bare address below, its title between the two. Only what both versions can show
 * is accepted: raw HTML, pictures and tables are faults.
 */
export function renderMarkdown(markdown: string, styles: Styles): RenderedMarkdown {
  const tokens = marked.lexer(markdown);
  const faults: string[] = [];
  void marked.walkTokens(tokens, (token) => {
    faults.push(...faultsOf(token));
  });
  if (faults.length > 0) return { html: '', text: '', faults };
  return {
    html: new Parser({ renderer: new HtmlRenderer(styles) }).parse(tokens).trim(),
    text: new Parser({ renderer: new TextRenderer() }).parse(tokens).trim(),
    faults,
  };
}

const shown = new Set([
  ...['heading', 'paragraph', 'list', 'list_item', 'space'],
  ...['text', 'escape', 'strong', 'em', 'link', 'br'],
]);

function faultsOf(token: Token): string[] {
  if (!shown.has(token.type)) {
    const quoted = token.raw.trim().split('\n')[0]?.slice(0, 60) ?? '';
    return [`has "${quoted}"; accepted: headings, paragraphs, lists, links, bold and italic text`];
  }
  const { href } = token as Tokens.Link;
  if (token.type !== 'link' || mayLeadTo(href)) return [];
  const names = linkPlaceholders.map((name) => `{{${name}}}`).join(', ');
  return [`links to "${href}"; accepted: ${names}, and addresses with https:// or mailto:`];
}

function mayLeadTo(href: string): boolean {
  const ours = linkPlaceholders.some((name) => href === `{{${name}}}`);
  return ours || /^(https?:\/\/|mailto:)[^\s{}]+$/i.test(href);
}

/** The link of a paragraph that holds nothing else. */
function onlyLink(tokens: readonly Token[]): Tokens.Link | undefined {
  const [token] = tokens;
  const isLink = tokens.length === 1 && token?.type === 'link';
  return isLink ? (token as Tokens.Link) : undefined;
}

class HtmlRenderer extends Renderer {
  constructor(private readonly styles: Styles) {
    super();
  }

  override heading({ tokens, depth }: Tokens.Heading): string {
    const name = depth === 1 ? 'h1' : 'h2';
    return `${this.open(name)}${this.parser.parseInline(tokens)}</${name}>\n`;
  }

  override paragraph({ tokens }: Tokens.Paragraph): string {
    const link = onlyLink(tokens);
    return link === undefined
      ? `${this.open('p')}${this.parser.parseInline(tokens)}</p>\n`
      : this.button(link);
  }

  /** A table, because Outlook pads and colours nothing else. */
  private button({ href, title, tokens }: Tokens.Link): string {
    const attributes = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';
    const label = this.parser.parseInline(tokens);
    const address = escapeHtml(href);
    const caption = title ? `${escapeHtml(title)}<br>` : '';
    return `${this.open('table', 'action', attributes)}<tr>${this.open('td', 'button')}${this.open('a', 'button-link', `href="${address}"`)}${label}</a></td></tr></table>
${this.open('p', 'address')}${caption}${address}</p>
`;
  }

  override list({ ordered, start, items }: Tokens.List): string {
    const name = ordered ? 'ol' : 'ul';
    const attributes = ordered && start !== 1 && start !== '' ? `start="${start}"` : '';
    const content = items.map((item) => this.listitem(item)).join('');
    return `${this.open(name, undefined, attributes)}\n${content}</${name}>\n`;
  }

  override listitem({ tokens }: Tokens.ListItem): string {
    return `${this.open('li')}${this.parser.parse(tokens)}</li>\n`;
  }

  override link({ href, tokens }: Tokens.Link): string {
    const attributes = `href="${escapeHtml(href)}"`;
    return `${this.open('a', undefined, attributes)}${this.parser.parseInline(tokens)}</a>`;
  }

  override text(token: Tokens.Text | Tokens.Escape): string {
    return 'tokens' in token && token.tokens
      ? this.parser.parseInline(token.tokens)
      : escapeHtml(token.text);
  }

  private open(name: string, className?: string, attributes = ''): string {
    const style = this.styles.get(className === undefined ? name : `.${className}`);
    const parts = [
      name,
      attributes,
      className === undefined ? '' : `class="${className}"`,
      style === undefined ? '' : `style="${escapeHtml(style)}"`,
    ];
    return `<${parts.filter((part) => part !== '').join(' ')}>`;
  }
}

/** A paragraph is one line, which the reader's mail program breaks where its window ends. */
class TextRenderer extends Renderer {
  override heading({ tokens }: Tokens.Heading): string {
    return `${this.parser.parseInline(tokens)}\n\n`;
  }

  override paragraph({ tokens }: Tokens.Paragraph): string {
    const link = onlyLink(tokens);
    if (link === undefined) return `${this.parser.parseInline(tokens)}\n\n`;
    return `${this.parser.parseInline(link.tokens)}\n${link.href}\n\n`;
  }

  override list({ ordered, start, items }: Tokens.List): string {
    const lines = items.map((item, index) => {
      const mark = ordered ? `${Number(start) + index}. ` : '- ';
      return mark + this.listitem(item).replaceAll('\n', `\n${' '.repeat(mark.length)}`);
    });
    return `${lines.join('\n')}\n\n`;
  }

  override listitem({ tokens }: Tokens.ListItem): string {
    return this.parser.parse(tokens).trim();
  }

  override strong({ tokens }: Tokens.Strong): string {
    return this.parser.parseInline(tokens);
  }

  override em({ tokens }: Tokens.Em): string {
    return this.parser.parseInline(tokens);
  }

  /** In angle brackets, as RFC 3986, appendix C, has it: a full stop is no part of the address. */
  override link({ href, tokens }: Tokens.Link): string {
    const label = this.parser.parseInline(tokens);
    const isAddress = href.replace(/^(mailto:|https?:\/\/)/i, '') === label || href === label;
    return isAddress ? label : `${label} <${href}>`;
  }

  override br(): string {
    return '\n';
  }

  override space(): string {
    return '';
  }

  override text(token: Tokens.Text | Tokens.Escape): string {
    return 'tokens' in token && token.tokens
      ? this.parser.parseInline(token.tokens)
      : token.text.replace(/[ \t]*\n[ \t]*/g, ' ');
  }
}
