import type { Answer, TopLevelError } from '../support/client.ts';
import type { Sender } from '../faults/load.ts';

/** Sends to a server outside of a run of tests, whose client keeps every secret for later. */
export class SoakClient implements Sender {
  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {}

  withToken(token: string): SoakClient {
    return new SoakClient(this.url, token);
  }

  async graphql<Data>(query: string, variables: Record<string, unknown>): Promise<Answer<Data>> {
    const { status, headers, body } = await this.#post(query, variables);
    const { data, errors = [] } = body as { data: Data; errors?: TopLevelError[] };
    return { status, headers, data, errors, code: errors[0]?.extensions.code };
  }

  async #post(query: string, variables: Record<string, unknown>) {
    const authorization = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify({ query, variables }),
    });
    const body: unknown = await response.json();
    return { status: response.status, headers: response.headers, body };
  }
}
