import { GraphiQL } from 'graphiql';
import { useMemo, useState } from 'react';
import { firstVisit } from './examples/first-visit.ts';
import { ExamplesMenu } from './examples-menu.tsx';
import { createFetcher } from './fetcher.ts';
import { Header } from './header.tsx';
import { useSession } from './session.ts';
import type { Viewer } from './session.ts';
import { cautiousStorage } from './storage.ts';
import './workers.ts';
import './graphiql.css';

const SIGNED_OUT = '';

/** The whole page: who is signed in above, GraphiQL below. */
export function Playground() {
  const session = useSession();
  const [schemaNotice, setSchemaNotice] = useState<string | null>(null);
  const { viewer, failure, refresh } = session;

  const rights = describeRights(viewer);
  // GraphiQL loads the schema anew for a new fetcher, and another viewer may see another schema.
  const fetcher = useMemo(
    () =>
      createFetcher({
        isSignedIn: rights !== SIGNED_OUT,
        onSchema: setSchemaNotice,
        onSessionChange: refresh,
      }),
    [rights, refresh],
  );

  return (
    <div className="page">
      <Header session={session} />
      {failure && (
        <p className="notice notice-error" role="alert">
          {failure}
        </p>
      )}
      {schemaNotice && (
        <p className="notice" role="status">
          {schemaNotice}
        </p>
      )}
      <main className="workbench">
        {viewer !== undefined && (
          <GraphiQL
            fetcher={fetcher}
            defaultTabs={[...firstVisit.examples]}
            defaultEditorToolsVisibility
            isHeadersEditorEnabled
            shouldPersistHeaders={false}
            storage={cautiousStorage}
          >
            {/* What GraphiQL shows beside the tabs; its own logo is not ours to show. */}
            <GraphiQL.Logo>
              <ExamplesMenu />
            </GraphiQL.Logo>
          </GraphiQL>
        )}
      </main>
    </div>
  );
}

/** Equal for two viewers only if the server shows both the same. */
function describeRights(viewer: Viewer | null | undefined): string {
  return viewer ? [viewer.id, ...viewer.roleNames].join(' ') : SIGNED_OUT;
}
