import { Brand } from './brand.tsx';
import { useSession } from './session.ts';
import { SignInForm } from './sign-in-form.tsx';

/** All there is for callers whom the server does not give the playground. */
export function SignInPage() {
  const { viewer } = useSession();

  return (
    <main className="sign-in-page">
      <div className="card">
        <Brand />
        <p>The playground is for administrators. Sign in to continue.</p>
        {/* Else the form would come back after a good sign-in without a word. */}
        {viewer && (
          <p className="card-notice" role="status">
            You are signed in as {viewer.displayName}, who is not an administrator. Use another
            account.
          </p>
        )}
        <SignInForm autoFocus onSignedIn={() => location.reload()} />
      </div>
    </main>
  );
}
