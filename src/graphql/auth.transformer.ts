import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  isNonNullType,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { hasRank, type Actor, type Scope } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { Denial, signInFirst } from '../errors.ts';
import type { UserId } from '../identifiers.ts';
import {
  authDirectiveName,
  privateDirective,
  publicDirective,
  type Requirement,
} from './directives.ts';

type Field = GraphQLFieldConfig<unknown, Ctx>;

/**
 * Puts `@auth` before the resolvers, of root fields and of whatever other field says it. Throws for
 * a root field that says neither `@auth` nor `@public` (or both): nothing is open because somebody
 * forgot to close it.
 */
export function guardRootFields(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.ROOT_FIELD]: (field: Field, fieldName, typeName) => {
      const auth = getDirective(schema, field, authDirectiveName)?.[0];
      const isPublic = getDirective(schema, field, publicDirective.name) !== undefined;
      if ((auth === undefined) !== isPublic) {
        throw new Error(`${typeName}.${fieldName} must say either @auth or @public.`);
      }
      return auth === undefined ? field : guarded(field, auth);
    },
    [MapperKind.COMPOSITE_FIELD]: (field: Field) => {
      const auth = getDirective(schema, field, authDirectiveName)?.[0];
      return auth === undefined ? field : guarded(field, auth);
    },
  });
}

/** The arguments of `@auth`, where it leaves one out. */
interface Access {
  readonly requires?: Requirement;
  readonly scope?: Scope;
  readonly unconfirmed?: boolean;
}

function guarded(field: Field, access: Access): Field {
  const resolve = field.resolve ?? defaultFieldResolver;
  const guard: GraphQLFieldResolver<unknown, Ctx> = (source, args, ctx, info) => {
    requireAccess(ctx.actor, access);
    return resolve(source, args, ctx, info);
  };
  return { ...field, resolve: guard };
}

function requireAccess(actor: Actor, access: Access): void {
  const { requires = 'USER', scope, unconfirmed = false } = access;
  if (actor.type === 'key') return requireScope(actor.scopes, scope);
  if (actor.type !== 'user') throw signInFirst();
  if (requires === 'KEY')
    throw new Denial('FORBIDDEN', 'Only servers with an API key may do this.');
  if (!actor.confirmed && !unconfirmed) {
    throw new Denial('EMAIL_NOT_CONFIRMED', 'Confirm your e-mail address first.');
  }
  if (!hasRank(actor.roleNames, requires)) {
    const who = requires === 'OWNER' ? 'an Owner' : 'an Admin or an Owner';
    throw new Denial('FORBIDDEN', `Only ${who} may do this.`);
  }
}

/** A key acts as itself and not as a user: without a scope of its own a field is not for keys. */
function requireScope(held: readonly Scope[], needed: Scope | undefined): void {
  if (needed === undefined) throw new Denial('FORBIDDEN', 'API keys may not do this.');
  if (!held.includes(needed)) {
    throw new Denial('FORBIDDEN', `The API key lacks the scope ${needed}.`);
  }
}

function forbid(): never {
  throw new Denial('FORBIDDEN', 'This is for the user it belongs to, and for administrators.');
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
      const hidden = isNonNullType(field.type) ? forbid : () => null;
      const blank: GraphQLFieldResolver<{ id: UserId }, Ctx> = (source, args, ctx, info) =>
        revealed.has(source) || maySee(ctx.actor, source.id)
          ? resolve(source, args, ctx, info)
          : hidden();
      return { ...field, resolve: blank };
    },
  });
}
