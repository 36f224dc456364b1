import type { Operation } from './operation.ts';
import * as operations from './operations.ts';
import type { ClientOptions } from './options.ts';
import { createRequest, type Arguments, type Request } from './request.ts';

type Operations = typeof operations;

type Call<Sent> =
  Sent extends Operation<infer Result, infer Variables>
    ? (...rest: Arguments<Variables>) => Promise<Result[keyof Result]>
    : never;

type Functions = { readonly [Name in keyof Operations]: Call<Operations[Name]> };

/** A function for each operation of the API, which answers the value of its one field. */
export interface Client extends Functions {
  /** Sends an operation of your own and answers its data. */
  readonly request: Request;
}

/** Makes a client. It throws a `GatehouseError` for what is no matter of the input. */
export function createClient(options: ClientOptions): Client {
  const request = createRequest(options);
  const functions = Object.entries(operations).map(([name, operation]) => [
    name,
    async (...rest: Arguments<object>) => {
      const data = await request(operation as Operation<object, object>, ...rest);
      return Object.values(data)[0] as unknown;
    },
  ]);
  return { ...(Object.fromEntries(functions) as Functions), request };
}
