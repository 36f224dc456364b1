interface Operation {
  /** The directive that says who may call it, without what is beside requirement and scope. */
  readonly access: string;
  readonly args?: readonly string[];
  readonly type: string;
}

/** Names clients rely on: none may change or go; types and arguments may be added to. */
export interface Agreement {
  readonly Query?: Readonly<Record<string, Operation>>;
  readonly Mutation?: Readonly<Record<string, Operation>>;
  readonly types?: Readonly<Record<string, readonly string[]>>;
  readonly enums?: Readonly<Record<string, readonly string[]>>;
}
