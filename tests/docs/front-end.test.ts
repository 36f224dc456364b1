import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { newEmail, password, registerPerson } from '../support/people.ts';
import { makeProject } from '../support/project.ts';
import { startTestServer } from '../support/server.ts';
import { blocks } from './documents.ts';

// What browsers have and Node has not: a jar for the cookie, an origin, and the address of a page.
const browser = `
const send = fetch;
let cookie = '';
globalThis.fetch = async (url, options) => {
  const headers = new Headers(options.headers);
  if (options.credentials === 'include') headers.set('cookie', cookie);
  headers.set('origin', process.env.URL);
  const response = await send(url, { ...options, headers });
  cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
  return response;
};
globalThis.history = { replaceState: () => void (location.search = '') };
globalThis.location = { search: '', pathname: '/' };
async function followLinkTo(email) {
  for (;;) {
    const response = await send(process.env.URL + '/dev/mailbox.json?to=' + email);
    const token = (await response.json())[0]?.links.map((link) => new URL(link).searchParams.get('token'))[0];
    if (token && token !== followLinkTo.last) {
      location.search = '?token=' + token;
      return (followLinkTo.last = token);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}`;

// What an application would call, one after another.
const visit = `
const { EMAIL, LATER, PASSWORD } = process.env;
const picture = new Blob([Buffer.from(process.env.PICTURE, 'base64')]);
const told = {};
told.short = (await register(EMAIL, 'short')).map(({ field }) => field);
told.registered = await register(EMAIL, PASSWORD);
told.unconfirmed = await upload(picture).catch((failure) => failure.code);
await followLinkTo(EMAIL);
told.confirmed = await confirm(takeToken());
told.token = location.search;
told.again = await confirm(followLinkTo.last);
told.uploaded = await upload(picture);
told.refused = await upload(new Blob(['no picture']));
told.byFetch = (await uploadByFetch(picture)).errors;
await signOut();
told.signedOut = await whoIsSignedIn();
await forgotPassword(EMAIL);
await followLinkTo(EMAIL);
told.reset = await resetPassword(takeToken(), 'no longer forgotten');
told.bad = await resetPassword('nonsense', 'no longer forgotten');
told.wrong = await signIn(EMAIL, PASSWORD).catch((failure) => failure.message);
await signIn(EMAIL, 'no longer forgotten');
told.asked = await changeAddress('no longer forgotten', LATER);
await followLinkTo(LATER);
told.changed = await confirmAddress(takeToken());
told.me = (await whoIsSignedIn()).email;
told.urql = await sessionsByUrql();
const mine = cookie;
cookie = ''; // another browser
await signInByFetch(LATER, 'no longer forgotten').then(({ errors }) => (told.fetch = errors));
told.sessions = (await endOtherSessions()).length;
const current = cookie;
cookie = mine;
told.ended = await gatehouse.mySessions().catch(inWords);
cookie = current;
told.apollo = await signInByApollo(LATER, 'no longer forgotten');
await app.login({ input: { email: LATER, password: 'no longer forgotten' } });
told.app = (await app.me()).email;
told.patient = (await patient.me()).email;
console.log(JSON.stringify(told));
process.exit();`;

let snippets: string;
beforeAll(async () => {
  snippets = (await blocks('docs/front-end.md', 'js')).join('\n');
});

test('what the page shows works, from registering to the sessions of every client', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.stop());
  await registerPerson(server); // the Owner, who needs no confirmation
  const [EMAIL, LATER] = [newEmail(), newEmail()];
  const create = { width: 30, height: 20, channels: 3, background: 'teal' } as const;
  const PICTURE = (await sharp({ create }).png().toBuffer()).toString('base64');
  const program = `${browser}\n${snippets}\n${visit}`.replaceAll(
    'https://id.example.com',
    server.url,
  );
  const env = { URL: server.url, EMAIL, LATER, PASSWORD: password, PICTURE };
  const flags = ['--input-type=module', '-e', program];
  const cwd = await makeProject(['gatehouse-client', '@apollo/client', '@urql/core']);
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd, env });
  expect(JSON.parse(stdout)).toEqual({
    short: ['input.password', 'input.password'],
    registered: [],
    unconfirmed: 'EMAIL_NOT_CONFIRMED',
    confirmed: true,
    token: '',
    again: false,
    uploaded: expect.stringContaining('/files/') as string,
    refused: 'UNSUPPORTED_FILE',
    byFetch: [],
    signedOut: null,
    reset: expect.stringMatching(/^The password of .*@.* is changed\.$/) as string,
    bad: 'This link does not work.',
    wrong: expect.any(String) as string,
    asked: [],
    changed: [],
    me: LATER,
    urql: 1,
    fetch: [],
    sessions: 2,
    ended: 'Sign in again.',
    apollo: LATER,
    app: LATER,
    patient: LATER,
  });
}, 120_000); // a program and several mails need their time on a busy machine
