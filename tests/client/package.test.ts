import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

const run = promisify(execFile);
const modules = dirname(dirname(createRequire(import.meta.url).resolve('graphql/package.json')));

// Somebody else's project, which has what `npm pack` makes, and graphql for the types of documents.
let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(inject('temporaryFolder'), 'consumer-'));
  const installed = join(project, 'node_modules', 'gatehouse-client');
  await mkdir(installed, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], {
    cwd: 'client',
  });
  const [{ filename } = { filename: '' }] = JSON.parse(stdout) as { filename: string }[];
  await run('tar', ['-xzf', join(project, filename), '-C', installed, '--strip-components=1']);
  await symlink(join(modules, 'graphql'), join(project, 'node_modules', 'graphql'));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
});

test('plain Node takes the package as it is packed', async () => {
  const server = await startTestServer({ RUN_JOBS: 'false' });
  onTestFinished(() => server.stop());
  const { token, email } = await registerPerson(server);
  const program = `
    import { createClient, createRequest } from 'gatehouse-client';
    import { me } from 'gatehouse-client/operations';
    import { MeDocument } from 'gatehouse-client/documents';
    const options = { endpoint: process.env.ENDPOINT, token: process.env.TOKEN };
    const whole = await createClient(options).me();
    const part = await createRequest(options)(me);
    console.log(whole.email, part.me.email, MeDocument.kind);`;
  await writeFile(join(project, 'program.js'), program);
  const env = { ENDPOINT: `${server.url}/graphql`, TOKEN: token };
  const { stdout } = await run(process.execPath, [join(project, 'program.js')], { env });
  expect(stdout).toBe(`${email} ${email} Document\n`);
});

const consumer = `
import { createClient, createRequest, GatehouseError, isRefused } from 'gatehouse-client';
import type { ErrorCode, TokenStorage } from 'gatehouse-client';
import { LoginDocument } from 'gatehouse-client/documents';
import { login } from 'gatehouse-client/operations';

declare const tokenStorage: TokenStorage;
const gatehouse = createClient({ endpoint: '/graphql', tokenStorage });
const input = { email: 'ada@example.com', password: 'correct horse battery' };
const result = await gatehouse.login({ input });
export const token: string | null = result.token;
if (isRefused(result)) {
  const code: ErrorCode = result.errors[0].code;
  // @ts-expect-error There is no such code.
  if (code === 'TAEKN') throw new Error(code);
}
// @ts-expect-error It may be that nobody is signed in.
(await gatehouse.me()).id;
// @ts-expect-error The credentials are missing.
await gatehouse.login();
// @ts-expect-error A picture is no text.
await gatehouse.updateAvatar({ file: 'picture.png' });
// @ts-expect-error A parsed document is for other clients.
await gatehouse.request(LoginDocument, { input });
export const id: string | undefined = (await gatehouse.me({}, { signal: AbortSignal.timeout(1) }))?.id;
export const payload = (await createRequest({ endpoint: '/graphql' })(login, { input })).login.errors;
export const wait = (thrown: unknown): number | undefined =>
  thrown instanceof GatehouseError && thrown.code === 'RATE_LIMITED' ? thrown.retryAfter : undefined;
`;

test('the types of the package tell what is right and what is wrong', async () => {
  await writeFile(join(project, 'consumer.ts'), consumer);
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  await writeFile(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
  );
  const compiler = join(modules, 'typescript', 'bin', 'tsc');
  await expect(run(process.execPath, [compiler, '-p', project])).resolves.toMatchObject({
    stdout: '',
  });
}, 120_000); // a compiler needs its time on a busy machine
