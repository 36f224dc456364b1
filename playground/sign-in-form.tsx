import { useId, useState } from 'react';
import type { SubmitEvent } from 'react';
import { describeFailure } from './requests.ts';
import { signIn } from './session.ts';
import type { Viewer } from './session.ts';
import './sign-in.css';

interface Props {
  readonly onSignedIn: (viewer: Viewer) => void;
  /** Whether the person came to the page for nothing else. */
  readonly autoFocus?: boolean;
}

/** The way in, both in the header and on the page that has nothing else. */
export function SignInForm({ onSignedIn, autoFocus = false }: Props) {
  const { failure, isBusy, submit } = useSubmission(onSignedIn);
  const errorId = useId();

  return (
    <form className="sign-in" data-testid="sign-in" onSubmit={submit} aria-label="Sign in">
      <Field
        label="E-mail or username"
        name="email"
        autoComplete="username"
        autoFocus={autoFocus}
        describedBy={failure ? errorId : undefined}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        describedBy={failure ? errorId : undefined}
      />
      <button className="button button-primary" type="submit" disabled={isBusy}>
        {isBusy ? 'Signing in' : 'Sign in'}
      </button>
      <p className="sign-in-error" id={errorId} role="alert">
        {failure}
      </p>
    </form>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

function useSubmission(onSignedIn: Props['onSignedIn']) {
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function attempt(form: FormData): Promise<void> {
    setBusy(true);
    setFailure(null);
    try {
      onSignedIn(await signIn(textOf(form, 'email'), textOf(form, 'password')));
    } catch (thrown) {
      setFailure(describeFailure(thrown));
    } finally {
      setBusy(false);
    }
  }

  /** By script rather than by the browser, which the page's policy forbids to send forms. */
  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (!isBusy) void attempt(new FormData(event.currentTarget));
  }

  return { failure, isBusy, submit };
}

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly type?: 'text' | 'password';
  readonly autoComplete: string;
  readonly autoFocus?: boolean;
  readonly describedBy: string | undefined;
}

function Field({ label, describedBy, type = 'text', ...input }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        type={type}
        required
        autoCapitalize="none"
        spellCheck={false}
        aria-describedby={describedBy}
      />
    </div>
  );
}
