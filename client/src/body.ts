export interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | FormData;
}

/** JSON; or, with files among the variables, what the GraphQL multipart request specification says. */
export function bodyOf(query: string, variables: object): Body {
  const files = Object.entries(variables).filter(([, value]) => value instanceof Blob);
  if (files.length === 0) {
    const headers = { 'content-type': 'application/json' };
    return { headers, body: JSON.stringify({ query, variables }) };
  }
  const names = files.map(([name]) => name);
  const form = new FormData();
  const withoutFiles = { ...variables, ...Object.fromEntries(names.map((name) => [name, null])) };
  form.set('operations', JSON.stringify({ query, variables: withoutFiles }));
  form.set(
    'map',
    JSON.stringify(Object.fromEntries(names.map((name, at) => [at, [`variables.${name}`]]))),
  );
  files.forEach(([, file], at) => form.set(String(at), file as Blob));
  // Any page could have a form sent with the visitor's cookie, but not with this header.
  return { headers: { 'apollo-require-preflight': 'true' }, body: form };
}
