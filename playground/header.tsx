import { useState } from 'react';
import { Brand } from './brand.tsx';
import type { Session, Viewer } from './session.ts';
import { SignInForm } from './sign-in-form.tsx';

interface Props {
  readonly session: Session;
}

/** Says whose eyes the server sees the operations below with, and lets that be changed. */
export function Header({ session }: Props) {
  const [wasUsed, setUsed] = useState(false);

  function arrive(viewer: Viewer): void {
    setUsed(true);
    session.setViewer(viewer);
  }

  return (
    <header className="header">
      <Brand />
      {session.viewer === null && <SignInForm autoFocus={wasUsed} onSignedIn={arrive} />}
      {session.viewer && (
        <Account
          viewer={session.viewer}
          // The form that had the focus is gone; the keyboard goes on where it was.
          autoFocus={wasUsed}
          onSignOut={() => {
            setUsed(true);
            return session.end();
          }}
        />
      )}
    </header>
  );
}

interface AccountProps {
  readonly viewer: Viewer;
  readonly autoFocus: boolean;
  readonly onSignOut: () => Promise<void>;
}

function Account({ viewer, autoFocus, onSignOut }: AccountProps) {
  const [isBusy, setBusy] = useState(false);

  async function leave(): Promise<void> {
    setBusy(true);
    await onSignOut();
    setBusy(false);
  }

  return (
    <div className="account">
      <p className="account-name" data-testid="signed-in-as" role="status">
        <span className="visually-hidden">Signed in as </span>
        <strong title={viewer.email}>{viewer.displayName}</strong>
        {viewer.roleNames.map((role) => (
          <span className="role" key={role}>
            {/* Kept apart for who hears the line, too. */}
            <span className="visually-hidden">, </span>
            {role}
          </span>
        ))}
      </p>
      <button
        className="button"
        type="button"
        data-testid="sign-out"
        autoFocus={autoFocus}
        disabled={isBusy}
        onClick={() => void leave()}
      >
        Sign out
      </button>
    </div>
  );
}
