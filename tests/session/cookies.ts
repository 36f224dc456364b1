import type { Answer, Client } from '../support/client.ts';
import { loginMutation, password, type LoginResult } from '../support/people.ts';

/** Signs in as a web page does. */
export function cookieLogin(client: Client, email: string, input: Record<string, unknown> = {}) {
  return client.graphql<LoginResult>(loginMutation, {
    input: { email, password, delivery: 'COOKIE', ...input },
  });
}

/** The one `Set-Cookie` of an answer. */
export function setCookieOf(answer: Answer<unknown>): string {
  const [only, ...more] = answer.headers.getSetCookie();
  if (only === undefined || more.length > 0) throw new Error('There must be one Set-Cookie.');
  return only;
}

export function readCookie(setCookie: string) {
  const [pair = '', ...attributes] = setCookie.split('; ');
  const [name = '', value = ''] = pair.split('=');
  return { name, value, attributes };
}

/** What a browser sends back: name and value. */
export function pairOf(answer: Answer<unknown>): string {
  return setCookieOf(answer).split(';', 1).join('');
}
