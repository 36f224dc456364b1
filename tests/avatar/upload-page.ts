import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What an application's page does that lets people choose a picture, or drop one on it. */
function script(): void {
  const { endpoint = '', token = '' } = document.body.dataset;
  const query = `mutation ($file: Upload!) { updateAvatar(file: $file) {
    image { id } errors { code message } } }`;
  const headers = { authorization: `Bearer ${token}`, 'apollo-require-preflight': 'true' };
  const status = document.querySelector('output');

  async function send(file: File): Promise<void> {
    const form = new FormData();
    form.set('operations', JSON.stringify({ query, variables: { file: null } }));
    form.set('map', JSON.stringify({ 0: ['variables.file'] }));
    form.set('0', file);
    const answer = await fetch(endpoint, { method: 'POST', headers, body: form });
    const { data } = (await answer.json()) as {
      data: { updateAvatar: { errors: { code: string }[] } };
    };
    const [error] = data.updateAvatar.errors;
    if (status) status.value = error?.code ?? 'uploaded';
    if (error === undefined) await show();
  }

  async function show(): Promise<void> {
    const body = JSON.stringify({
      query: '{ me { avatar { status variants { variant url width height } } } }',
    });
    const json = { ...headers, 'content-type': 'application/json' };
    const answer = await fetch(endpoint, { method: 'POST', headers: json, body });
    const { data } = (await answer.json()) as {
      data: { me: { avatar: { status: string; variants: { variant: string; url: string }[] } } };
    };
    const { avatar } = data.me;
    if (avatar.status !== 'READY') return void setTimeout(() => void show(), 100);
    const figures = avatar.variants.map(({ variant, url }) => {
      const figure = document.createElement('figure');
      const picture = document.createElement('img');
      picture.src = url;
      picture.alt = variant;
      figure.append(picture, variant);
      return figure;
    });
    document.querySelector('section')?.replaceChildren(...figures);
    if (status) status.value = 'READY';
  }

  document.querySelector('input')?.addEventListener('change', (event) => {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file) void send(file);
  });
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void send(file);
  });
}

const page = (endpoint: string, token: string) => `<!doctype html>
<meta charset="utf-8"><title>Your picture</title>
<link rel="icon" href="data:,">
<style>
  body { font: 1rem system-ui, sans-serif; margin: 1.5rem; }
  section { display: flex; flex-wrap: wrap; gap: 1rem; align-items: end; }
  figure { margin: 0; } img { display: block; max-width: 26rem; }
  label { display: block; padding: 2rem; border: 2px dashed #888; }
</style>
<body data-endpoint="${endpoint}/graphql" data-token="${token}">
<label>Choose a picture, or drop one here <input type="file" accept="image/*"></label>
<p><output></output></p><section></section>
<script>(${script.toString()})()</script>`;

/** An application on another origin, that must be among the allowed ones. */
export async function startUploadPage() {
  let content = '';
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    signInTo(gatehouse: string, token: string) {
      content = page(gatehouse, token);
    },
  };
}
