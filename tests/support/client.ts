import { keepSecret, keepSecretsIn } from './secrets.ts';

/** An error as GraphQL over HTTP tells it. */
export interface TopLevelError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

export interface Answer<Data = Record<string, never>> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
  readonly errors: readonly TopLevelError[];
  /** The code of the first top-level error. */
  readonly code: string | undefined;
}

export interface UserError {
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
}

/** A GraphQL client over HTTP, as a program would write one: no access to the server's insides. */
export class Client {
  constructor(
    readonly url: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** The same client with more headers. */
  with(headers: Readonly<Record<string, string>>): Client {
    return new Client(this.url, { ...this.headers, ...headers });
  }

  /** The same client of another server. */
  at(url: string): Client {
    return new Client(url, this.headers);
  }

  withToken(token: string): Client {
    return this.with({ authorization: `Bearer ${token}` });
  }

  async graphql<Data>(
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<Answer<Data>> {
    this.keepSecretsSent(variables);
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.headers },
      body: JSON.stringify({ query, variables }),
    });
    return answerOf(response);
  }

  /** Sends a file in the place of the variable `file`, as the multipart specification has it. */
  async upload<Data>(
    query: string,
    file: Blob,
    variables: Record<string, unknown> = {},
  ): Promise<Answer<Data>> {
    this.keepSecretsSent(variables);
    const form = new FormData();
    form.set('operations', JSON.stringify({ query, variables: { ...variables, file: null } }));
    form.set('map', JSON.stringify({ 0: ['variables.file'] }));
    form.set('0', file);
    const headers = { 'apollo-require-preflight': 'true', ...this.headers };
    return answerOf(await fetch(`${this.url}/graphql`, { method: 'POST', headers, body: form }));
  }

  /** What goes with every request must be in no log, nor what a request asks about. */
  private keepSecretsSent(variables: Record<string, unknown>): void {
    keepSecret('credential', this.headers.authorization?.replace(/^bearer +/i, ''));
    keepSecretsIn(variables);
  }
}

async function answerOf<Data>(response: Response): Promise<Answer<Data>> {
  const body = (await response.json()) as { data?: Data; errors?: TopLevelError[] };
  const errors = body.errors ?? [];
  keepSecretsIn(body.data);
  for (const cookie of response.headers.getSetCookie()) {
    keepSecret('session cookie', /=([^;]*)/.exec(cookie)?.[1]);
  }
  return {
    status: response.status,
    headers: response.headers,
    data: (body.data ?? {}) as Data,
    errors,
    code: errors[0]?.extensions.code,
  };
}
