import { useCallback, useEffect, useState } from 'react';
import { RequestFailure, describeFailure, send } from './requests.ts';

/** The signed-in person, as far as the page needs to know. */
export interface Viewer {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly roleNames: readonly string[];
}

interface Payload {
  readonly user?: Viewer | null;
  readonly errors: readonly { readonly message: string }[];
}

const VIEWER_FIELDS = 'id email displayName roleNames';
const VIEWER = `query Viewer { me { ${VIEWER_FIELDS} } }`;
const SIGN_IN = `mutation SignIn($input: LoginInput!) {
  login(input: $input) { user { ${VIEWER_FIELDS} } errors { code field message } }
}`;
const SIGN_OUT = 'mutation SignOut { logout { errors { code } } }';

/** Signs in by cookie, which no script of the page can read. A refusal is thrown in plain words. */
export async function signIn(email: string, password: string): Promise<Viewer> {
  const input = { email, password, delivery: 'COOKIE' };
  const { login } = await send<{ login: Payload }>(SIGN_IN, { input });
  if (login.user) return login.user;
  throw new RequestFailure(
    login.errors.map((error) => error.message).join(' ') || 'Signing in did not work.',
  );
}

async function signOut(): Promise<void> {
  await send(SIGN_OUT).catch(unlessSignedOut);
}

async function fetchViewer(): Promise<Viewer | null> {
  const answer = await send<{ me: Viewer | null }>(VIEWER).catch(unlessSignedOut);
  return answer?.me ?? null;
}

/** To be signed out already is an answer, not a failure. */
function unlessSignedOut(failure: unknown): null {
  if (failure instanceof RequestFailure && failure.code === 'UNAUTHENTICATED') return null;
  throw failure;
}

export interface Session {
  /** Undefined until the server has said who is calling. */
  readonly viewer: Viewer | null | undefined;
  readonly failure: string | null;
  readonly setViewer: (viewer: Viewer | null) => void;
  readonly refresh: () => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Follows who is signed in. The cookie is out of reach, so the server has to be asked. */
export function useSession(): Session {
  const [viewer, setViewer] = useState<Viewer | null>();
  const [failure, setFailure] = useState<string | null>(null);

  const update = useCallback(async (nextViewer: () => Promise<Viewer | null>): Promise<void> => {
    try {
      setViewer(await nextViewer());
      setFailure(null);
    } catch (thrown) {
      setViewer((current) => current ?? null);
      setFailure(describeFailure(thrown));
    }
  }, []);

  const refresh = useCallback(() => update(fetchViewer), [update]);
  const end = useCallback(() => update(() => signOut().then(() => null)), [update]);

  useEffect(() => {
    void refresh();
  }, [refresh]);

  return { viewer, failure, setViewer, refresh, end };
}
