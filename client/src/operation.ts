/**
 * The text of an operation, with the types of its result and its variables. Texts of yours will do,
 * and what code generators make of them in their mode for strings.
 */
export interface Operation<Result, Variables> {
  valueOf(): string;
  /** Never there: it carries the types. */
  readonly __apiType?: (variables: Variables) => Result;
}
