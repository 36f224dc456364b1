import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../config/config.ts';
import type { MailKind } from '../mail/mail.rules.ts';
import { renderMarkdown, type Styles } from './mail-template.markdown.ts';
import {
  canonicalLocale,
  closestLanguage,
  defaultLanguage,
  footerPlaceholders,
  layoutPlaceholders,
  mailKinds,
  namesIn,
  placeholdersOf,
} from './mail-template.rules.ts';

/** A template ready to be filled: placeholders in braces, Markdown rendered. */
export interface MailTemplate {
  readonly subject: string;
  /** What programs show beside the subject. */
  readonly preview: string;
  readonly html: string;
  readonly text: string;
}

type ByLanguage = ReadonlyMap<string, MailTemplate>;

export interface MailTemplates {
  readonly layout: string;
  readonly mails: ReadonlyMap<MailKind, ByLanguage>;
  readonly footers: ByLanguage;
  /** Every language that any mail has a template in. */
  readonly languages: readonly string[];
}

// From source they lie here; the build puts them beside the bundle that runs.
const ownFolder = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, 'templates')
  : join(import.meta.dirname, 'mail-templates');

/**
 * Reads every template, those in `folder` before our own.
 * @throws ConfigError naming every file that cannot be used, and why.
 */
export function loadMailTemplates(folder?: string): MailTemplates {
  const faults: string[] = [];
  const files = findFiles(folder, faults);
  const { layout, styles } = readLayout(files.layout, faults);
  const mails = new Map<MailKind, Map<string, MailTemplate>>(
    mailKinds.map((kind) => [kind, new Map()]),
  );
  const footers = new Map<string, MailTemplate>();
  for (const file of files.templates) {
    const allowed = file.part === 'footer' ? footerPlaceholders : placeholdersOf[file.part];
    const { template, faults: found } = readTemplate(file, styles, allowed);
    faults.push(...found.map((fault) => `${file.path} ${fault}`));
    const target = file.part === 'footer' ? footers : mails.get(file.part);
    target?.set(file.language, template);
  }
  const languages = [...new Set(files.templates.map(({ language }) => language))].sort();
  for (const language of languages) {
    if (closestLanguage(language, (one) => footers.has(one)) !== undefined) continue;
    faults.push(
      `${join(folder ?? '', `footer.${language}.md`)} is missing; accepted: one a language`,
    );
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return { layout, mails, footers, languages };
}

interface TemplateFile {
  readonly path: string;
  readonly part: MailKind | 'footer';
  readonly language: string;
}

/** Our own files, and those of the folder in the place of ours of the same name. */
function findFiles(folder: string | undefined, faults: string[]) {
  const templates = new Map<string, TemplateFile>();
  let layout = join(ownFolder, 'layout.html');
  for (const from of folder === undefined ? [ownFolder] : [ownFolder, folder]) {
    for (const name of namesOf(from, faults)) {
      const path = join(from, name);
      if (name === 'layout.html') layout = path;
      else if (isMeant(name)) {
        const file = templateFile(name, path);
        if (file) templates.set(`${file.part}.${file.language}`, file);
        else faults.push(`${path} is no template; accepted: ${acceptedNames}`);
      }
    }
  }
  return { layout, templates: [...templates.values()] };
}

const acceptedNames = `layout.html, and ${[...mailKinds, 'footer'].join(', ')} with a language such as footer.${defaultLanguage}.md`;

function namesOf(folder: string, faults: string[]): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    faults.push(`MAIL_TEMPLATES is "${folder}"; accepted: a folder that can be read`);
    return [];
  }
}

/** A folder may hold pictures and a README; any other Markdown or HTML was meant as a template. */
function isMeant(name: string): boolean {
  return /\.(md|html)$/i.test(name) && !/^(\.|readme\.)/i.test(name);
}

function templateFile(name: string, path: string): TemplateFile | undefined {
  const [, found, tag = ''] = /^([a-z-]+)\.([A-Za-z0-9-]+)\.md$/.exec(name) ?? [];
  const part = [...mailKinds, 'footer' as const].find((one) => one === found);
  const language = canonicalLocale(tag);
  return part && language ? { path, part, language } : undefined;
}

function readLayout(path: string, faults: string[]): { layout: string; styles: Styles } {
  const source = withPlainNames(read(path, faults));
  const styles = new Map<string, string>();
  const layout = source.replace(/<style data-inline>([\s\S]*?)<\/style>\s*/, (_, sheet: string) => {
    const rules = sheet.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{}]+)\{([^{}]*)\}/g);
    for (const [, selectors = '', declarations = ''] of rules) {
      const style = declarations.replace(/\s+/g, ' ').trim();
      for (const selector of selectors.split(',')) styles.set(selector.trim(), style);
    }
    return '';
  });
  faults.push(...unknownNames(layout, layoutPlaceholders).map((fault) => `${path} ${fault}`));
  for (const name of ['content', 'footer']) {
    if (!layout.includes(`{{${name}}}`)) faults.push(`${path} has no {{${name}}}; accepted: one`);
  }
  return { layout, styles };
}

function readTemplate(file: TemplateFile, styles: Styles, allowed: readonly string[]) {
  const faults: string[] = [];
  const source = withPlainNames(read(file.path, faults));
  const isMail = file.part !== 'footer';
  const { subject, preview, body } = isMail
    ? splitFront(source, faults)
    : { subject: '', preview: '', body: source };
  const { html, text, faults: found } = renderMarkdown(body, styles);
  faults.push(...found, ...unknownNames(body, allowed));
  // Lists of mails and locked screens show these lines; the link is for who opens the mail.
  const inLists = allowed.filter((name) => name !== 'link');
  faults.push(...unknownNames(`${subject}\n${preview}`, inLists));
  if (namesIn(source).hasStrayBraces) faults.push('has {{ or }} without a name between them');
  if (allowed.includes('link') && found.length === 0 && !html.includes('href="{{link}}"')) {
    faults.push('has no link to {{link}}; accepted: one such as [Go on]({{link}})');
  }
  return { template: { subject, preview, html, text }, faults };
}

/** The lines before the first empty one, and what follows it. */
function splitFront(source: string, faults: string[]) {
  const [front = '', ...rest] = source.split(/\n[ \t]*\n/);
  const line = (name: string) => new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'm').exec(front)?.[1];
  const subject = line('Subject') ?? '';
  if (subject === '') faults.push('has no subject; accepted: "Subject: …" in the first line');
  const strange = front.split('\n').find((one) => !/^(Subject|Preview):/.test(one));
  if (subject !== '' && strange !== undefined) {
    faults.push(`has "${strange.slice(0, 60)}" before the first empty line; accepted: Preview: …`);
  }
  return { subject, preview: line('Preview') ?? '', body: rest.join('\n\n') };
}

function read(path: string, faults: string[]): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r\n?/g, '\n').trim();
  } catch {
    faults.push(`${path} cannot be read`);
    return '';
  }
}

const withPlainNames = (source: string) => source.replace(/\{\{[ \t]*(\w+)[ \t]*\}\}/g, '{{$1}}');

function unknownNames(source: string, allowed: readonly string[]): string[] {
  const unknown = new Set(namesIn(source).names.filter((name) => !allowed.includes(name)));
  const accepted = allowed.map((name) => `{{${name}}}`).join(', ');
  return [...unknown].map((name) => `has {{${name}}}; accepted: ${accepted}`);
}
