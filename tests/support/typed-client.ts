import { createClient, type Client, type ClientOptions } from '../../client/src/index.ts';
import { keepSecretsIn } from './secrets.ts';
import type { TestServer } from './server.ts';

/** The client package, on a server of the tests. */
export function typedClient(
  server: Pick<TestServer, 'url'>,
  options: Omit<ClientOptions, 'endpoint'> = {},
): Client {
  return createClient({ endpoint: `${server.url}/graphql`, fetch: fetchNoting, ...options });
}

/** As `fetch`; what is secret in the question and the answer must be in no log. */
const fetchNoting: typeof fetch = async (input, init) => {
  if (typeof init?.body === 'string') keepSecretsIn(JSON.parse(init.body));
  const response = await fetch(input, init);
  keepSecretsIn(
    await response
      .clone()
      .json()
      .catch(() => null),
  );
  return response;
};
