import type { DocumentNode } from 'graphql';

/**
 * A parsed operation with the types of its result and its variables. It is what Apollo Client, urql
 * and others know as `TypedDocumentNode`.
 */
export interface TypedDocument<Result, Variables> extends DocumentNode {
  /** Never there: it carries the types. */
  readonly __apiType?: (variables: Variables) => Result;
}
