import type { FastifyInstance, FastifyReply } from 'fastify';
import { ConfigError } from '../config/config.ts';
import type { RenderedMail } from '../context.ts';
import { loadMailTemplates } from '../features/mail-template/mail-template.files.ts';
import { mailKinds } from '../features/mail-template/mail-template.rules.ts';
import { createRenderMail } from '../features/mail-template/mail-template.service.ts';
import type { Service } from '../process/service.ts';
import { faultPage, listPage, mailPage, previewStyleSource } from './mail-preview-page.ts';

const pagePolicy = [
  "default-src 'none'",
  `style-src ${previewStyleSource}`,
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

// A mail may style itself and show the images an operator put into it; it can run nothing.
const mailPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data: https:',
  "frame-ancestors 'self'",
  'sandbox',
].join('; ');

const sampleValues = {
  token: 'c2FtcGxlLXRva2VuLXRoYXQtcHJvdmVzLW5vdGhpbmctYXQtYWxsLTAxMjM0NTY3',
  email: 'robin@example.com',
  newEmail: 'robin.doe@example.org',
  device: 'Firefox on Linux',
  ipAddress: '203.0.113.7',
};

interface Chosen {
  readonly Params: { readonly kind: string; readonly language: string };
}

/**
 * `GET /dev/mail-preview`: every mail in every language, with sample values, never in production.
 * The files are read for each request, so that who writes them sees what they do.
 */
export function serveMailPreview(
  app: FastifyInstance,
  { config, address }: Pick<Service, 'config' | 'address'>,
): void {
  const templates = () => loadMailTemplates(config.mail.templates);
  const render = ({ kind, language }: Chosen['Params']): RenderedMail | undefined => {
    const loaded = templates();
    if (!mailKinds.some((one) => one === kind) || !loaded.languages.includes(language)) {
      return undefined;
    }
    const values = { ...sampleValues, time: new Date().toISOString() };
    return createRenderMail(config, () => address.url, loaded)(kind, language, values);
  };
  app.get('/dev/mail-preview', (_, reply) =>
    answer(reply, () => listPage(mailKinds, templates().languages)),
  );
  app.get<Chosen>('/dev/mail-preview/:kind/:language', ({ params }, reply) =>
    answer(reply, () => {
      const mail = render(params);
      return mail && mailPage(params.kind, params.language, mail);
    }),
  );
  app.get<Chosen>('/dev/mail-preview/:kind/:language/html', ({ params }, reply) =>
    answer(reply, () => render(params)?.html, {
      'content-security-policy': mailPolicy,
      'x-frame-options': 'SAMEORIGIN',
    }),
  );
}

/** Sends a page; what is wrong with the templates instead, when they cannot be used. */
function answer(
  reply: FastifyReply,
  page: () => string | undefined,
  headers: Readonly<Record<string, string>> = { 'content-security-policy': pagePolicy },
) {
  void reply.headers({ ...headers, 'content-type': 'text/html; charset=utf-8' });
  try {
    const content = page();
    return reply.code(content === undefined ? 404 : 200).send(content ?? '');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return reply
      .header('content-security-policy', pagePolicy)
      .code(500)
      .send(faultPage(error.faults));
  }
}
