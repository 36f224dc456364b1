import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  getNamedType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLFieldConfig,
  type GraphQLSchema,
} from 'graphql';
import type { Ctx } from '../context.ts';
import { Refusal } from '../errors.ts';
import { forgetLoaded } from './loader.ts';

const isPayload = (typeName: string) => typeName.endsWith('Payload');

/**
 * Gives every `…Payload` type its `errors`, and every mutation that returns one the translation
 * of a `Refusal` into them. Here and nowhere else: a service throws, its transaction rolls back,
 * and no resolver can return errors beside half a change.
 */
export function answerRefusals(schema: GraphQLSchema): GraphQLSchema {
  const userError = schema.getType('UserError');
  if (!(userError instanceof GraphQLObjectType)) throw new Error('UserError is not in the schema.');
  const errors: GraphQLFieldConfig<unknown, Ctx> = {
    type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(userError))),
    description: 'Why nothing was changed; empty when it was.',
    resolve: (payload) => (payload as { readonly errors?: unknown }).errors ?? [],
  };
  const withErrors = mapSchema(schema, {
    [MapperKind.OBJECT_TYPE]: (type: GraphQLObjectType<unknown, Ctx>) => {
      if (!isPayload(type.name)) return type;
      const config = type.toConfig();
      return new GraphQLObjectType({ ...config, fields: { ...config.fields, errors } });
    },
  });
  return mapSchema(withErrors, {
    [MapperKind.MUTATION_ROOT_FIELD]: (field: GraphQLFieldConfig<unknown, Ctx>, fieldName) => {
      if (!isPayload(getNamedType(field.type).name)) {
        throw new Error(`Mutation.${fieldName} must return a payload type.`);
      }
      return translating(field);
    },
  });
}

function translating(field: GraphQLFieldConfig<unknown, Ctx>): GraphQLFieldConfig<unknown, Ctx> {
  const resolve = field.resolve ?? defaultFieldResolver;
  return {
    ...field,
    async resolve(source, args, ctx, info) {
      try {
        return await resolve(source, args, ctx, info);
      } catch (error) {
        if (error instanceof Refusal) return { errors: error.errors };
        throw error;
      } finally {
        forgetLoaded(ctx);
        // What was ended or changed here is so with the next request, whoever sends it.
        await ctx.ports.sessions.settle();
      }
    },
  };
}
