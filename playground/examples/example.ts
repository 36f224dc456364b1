/** One operation, ready to run: a tab of GraphiQL, whose title is the name of the operation. */
export interface Example {
  /** What it is for, in the menu. */
  readonly task: string;
  readonly query: string;
  readonly variables?: string;
}

export interface ExampleGroup {
  readonly title: string;
  readonly examples: readonly Example[];
}

/** What every mutation answers when it changes nothing. */
export const errors = `errors {
      code
      field
      message
    }`;

/** The variables of an operation on one user, whose id is to be filled in. */
export const someUser = '{\n  "id": ""\n}\n';
