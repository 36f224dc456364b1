import { MapperKind, mapSchema } from '@graphql-tools/utils';
import type { GraphQLFieldConfig, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import type { Ctx } from '../context.ts';

/** Resolvers by `Type.field`. Each takes the source and the arguments of its own field. */
export type PlainResolvers = Readonly<Record<string, GraphQLFieldResolver<never, never, never>>>;

/**
 * Puts plain functions in the place of TypeGraphQL's resolvers, which make a promise of every
 * argument. A hundred rows without a single promise are executed in one go; with one each, the
 * whole list waits.
 */
export function resolvePlainly(schema: GraphQLSchema, resolvers: PlainResolvers): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: GraphQLFieldConfig<unknown, Ctx>, fieldName, typeName) => {
      const resolve = resolvers[`${typeName}.${fieldName}`];
      return resolve === undefined
        ? field
        : { ...field, resolve: resolve as GraphQLFieldResolver<unknown, Ctx> };
    },
  });
}
