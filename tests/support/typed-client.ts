import { createClient, type Client, type ClientOptions } from '../../client/src/index.ts';
import type { TestServer } from './server.ts';

/** The client package, on a server of the tests. */
export function typedClient(
  server: Pick<TestServer, 'url'>,
  options: Omit<ClientOptions, 'endpoint'> = {},
): Client {
  return createClient({ endpoint: `${server.url}/graphql`, ...options });
}
