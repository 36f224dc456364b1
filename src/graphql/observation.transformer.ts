import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { defaultFieldResolver, type GraphQLFieldConfig, type GraphQLSchema } from 'graphql';
import type { Ctx } from '../context.ts';
import { Denial, Refusal } from '../errors.ts';
import type { Outcome } from '../tracing.ts';

type Field = GraphQLFieldConfig<unknown, Ctx>;

/**
 * Counts, times and traces what is asked for by the names of the schema's root fields: there are as
 * many as we have written, while the name of an operation is the client's free text.
 */
export function observeRootFields(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.ROOT_FIELD]: (field: Field, fieldName) => observed(field, fieldName),
  });
}

function observed(field: Field, name: string): Field {
  const resolve = field.resolve ?? defaultFieldResolver;
  return {
    ...field,
    async resolve(source, args, ctx, info) {
      const { metrics, tracer } = ctx.ports;
      const span = tracer?.begin({ name, kind: 'internal' });
      const call = () => resolve(source, args, ctx, info);
      const begun = performance.now();
      let outcome: Outcome = 'failed';
      try {
        const result: unknown = await (span === undefined ? call() : span.run(call));
        outcome = countRefusals(ctx, result) === 0 ? 'ok' : 'refused';
        return result;
      } catch (error) {
        if (error instanceof Denial || error instanceof Refusal) outcome = 'refused';
        throw error;
      } finally {
        metrics.operationFinished(name, outcome, (performance.now() - begun) / 1000);
        const attributes = { 'gatehouse.outcome': outcome };
        span?.end({ failed: outcome === 'failed', attributes });
      }
    },
  };
}

/** Counts the errors in a payload by their codes; answers how many there are. */
function countRefusals(ctx: Ctx, payload: unknown): number {
  if (typeof payload !== 'object' || payload === null || !('errors' in payload)) return 0;
  if (!Array.isArray(payload.errors)) return 0;
  const errors = payload.errors as readonly { readonly code?: unknown }[];
  for (const { code } of errors) ctx.ports.metrics.errorTold(String(code));
  return errors.length;
}
