import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { hasRank, type Actor, type Rank } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { Denial } from '../errors.ts';
import type { UserId } from '../identifiers.ts';
import { authDirective, privateDirective, publicDirective } from './directives.ts';

type Field = GraphQLFieldConfig<unknown, Ctx>;

/**
 * Puts `@auth` before the resolvers. Throws for a root field that says neither `@auth` nor
 * `@public` (or both): nothing is open because somebody forgot to close it.
 */
export function guardRootFields(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.ROOT_FIELD]: (field: Field, fieldName, typeName) => {
      const auth = getDirective(schema, field, authDirective.name)?.[0];
      const isPublic = getDirective(schema, field, publicDirective.name) !== undefined;
      if ((auth === undefined) !== isPublic) {
        throw new Error(`${typeName}.${fieldName} must say either @auth or @public.`);
      }
      return auth === undefined ? field : guarded(field, (auth.requires ?? 'USER') as Rank);
    },
  });
}

function guarded(field: Field, required: Rank): Field {
  const resolve = field.resolve ?? defaultFieldResolver;
  const guard: GraphQLFieldResolver<unknown, Ctx> = (source, args, ctx, info) => {
    requireRank(ctx.actor, required);
    return resolve(source, args, ctx, info);
  };
  return { ...field, resolve: guard };
}

function requireRank(actor: Actor, required: Rank): void {
  if (actor.type !== 'user') throw new Denial('UNAUTHENTICATED', 'Sign in first.');
  if (!hasRank(actor.roleNames, required)) {
    const who = required === 'OWNER' ? 'an Owner' : 'an Admin or an Owner';
    throw new Denial('FORBIDDEN', `Only ${who} may do this.`);
  }
}

const revealed = new WeakSet<object>();

/** Shows the private fields of a user to a caller who has just proven to be that user. */
export function reveal<Entity extends object>(entity: Entity | null): Entity | null {
  if (entity !== null) revealed.add(entity);
  return entity;
}

/**
 * Blanks `@private` fields for callers who may not see them. A plain function and not a
 * TypeGraphQL field resolver: these fields are in every `me`, and a promise each would show.
 */
export function blankPrivateFields(
  schema: GraphQLSchema,
  maySee: (actor: Actor, id: UserId) => boolean,
): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: GraphQLFieldConfig<{ id: UserId }, Ctx>) => {
      if (getDirective(schema, field, privateDirective.name) === undefined) return field;
      const resolve = field.resolve ?? defaultFieldResolver;
      const blank: GraphQLFieldResolver<{ id: UserId }, Ctx> = (source, args, ctx, info) =>
        revealed.has(source) || maySee(ctx.actor, source.id)
          ? resolve(source, args, ctx, info)
          : null;
      return { ...field, resolve: blank };
    },
  });
}
