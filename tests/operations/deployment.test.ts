import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { Copy, DockerfileParser, type Dockerfile } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { beforeAll, describe, expect, test } from 'vitest';
import { readConfig, variableNames } from '../../src/config/config.ts';
import { startTestServer } from '../support/server.ts';
import { readManifests, readText, readYaml, type Manifest } from './manifests.ts';

const root = new URL('../../', import.meta.url);

let text: string;
let dockerfile: Dockerfile;
beforeAll(async () => {
  text = await readText('Dockerfile');
  dockerfile = DockerfileParser.parse(text);
});

const argumentsOf = (keyword: string) =>
  dockerfile
    .getInstructions()
    .filter((one) => one.getKeyword() === keyword)
    .map((one) => one.getArgumentsContent() ?? '');

/** What is copied from the checkout, and not from a stage before. */
function copied(): string[] {
  const copies = dockerfile.getCOPYs().filter((one): one is Copy => one instanceof Copy);
  const own = copies.filter((one) => one.getFlags().every((flag) => flag.getName() !== 'from'));
  return own.flatMap((one) =>
    one
      .getArguments()
      .slice(0, -1)
      .map((path) => path.getValue()),
  );
}

describe('the Dockerfile', () => {
  test('has no mistake, begins every stage with Node 24, and ends as an ordinary user', () => {
    expect(validate(text).map(({ message }) => message)).toEqual([]);
    const images = dockerfile.getFROMs().map((from) => from.getImage());
    expect(images).toEqual(Array(3).fill('node:24-bookworm-slim'));
    expect(argumentsOf('USER')).toEqual(['node']);
    const after = text.slice(text.indexOf('USER node'));
    expect(after).not.toMatch(/^(RUN|COPY|ADD)/m);
  });

  test('copies only what is there and sent to the builder', async () => {
    const [first, ...rules] = (await readText('.dockerignore'))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    const paths = new Set(copied());
    for (const path of paths) expect(existsSync(new URL(path, root)), path).toBe(true);
    const sent = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
    expect(sent.sort()).toEqual([...paths].sort());
    for (const rule of rules.filter((one) => !one.startsWith('!')))
      expect(paths).not.toContain(rule);
  });

  test('copies all that the server and the command line are built from', async () => {
    const names = (await readdir(new URL('dist', root))).filter((name) => name.endsWith('.js.map'));
    expect(names).toContain('main.js.map');
    const paths = copied();
    for (const name of names) {
      const { sources } = JSON.parse(await readText(`dist/${name}`)) as { sources: string[] };
      for (const source of sources.map((one) => one.replace(/^\.\.\//, ''))) {
        expect(
          paths.some((path) => source === path || source.startsWith(`${path}/`)),
          source,
        ).toBe(true);
      }
    }
  });

  test('copies all that the build itself is made of, and what it says its pages come from', async () => {
    const wanted = new Set(['build.mjs', 'package-lock.json', 'tsconfig.json']);
    for (const script of ['build.mjs', 'build-site.mjs']) {
      const code = await readText(script);
      for (const [, from = ''] of code.matchAll(/from '\.\/([^']+)'/g)) wanted.add(from);
      for (const [, list = ''] of code.matchAll(/sources: \[([^\]]*)\]/g)) {
        for (const [, source = ''] of list.matchAll(/'([^']+)'/g)) wanted.add(source);
      }
    }
    expect(wanted.size).toBeGreaterThan(5);
    const paths = copied();
    const isCopied = (one: string) =>
      paths.some((path) => one === path || one.startsWith(`${path}/`));
    expect([...wanted].filter((one) => !isCopied(one))).toEqual([]);
  });

  test('needs no other packages than those of production', async () => {
    const { dependencies, optionalDependencies } = JSON.parse(await readText('package.json')) as {
      dependencies: Record<string, string>;
      optionalDependencies: Record<string, string>;
    };
    const installed = new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies)]);
    const names = (await readdir(new URL('dist', root))).filter((name) => name.endsWith('.js'));
    const imported = new Set<string>();
    for (const name of names) {
      const code = await readText(`dist/${name}`);
      for (const [, from = ''] of code.matchAll(/(?:^import |from |import\()"([^".][^"]*)"/gm)) {
        const [scope = '', second = ''] = from.split('/');
        if (!isBuiltin(from)) imported.add(scope.startsWith('@') ? `${scope}/${second}` : scope);
      }
    }
    expect(imported.size).toBeGreaterThan(20);
    expect([...imported].filter((name) => !installed.has(name))).toEqual([]);
  });

  test('starts what the build makes, as `npm start` does', async () => {
    const { scripts } = JSON.parse(await readText('package.json')) as {
      scripts: Record<string, string>;
    };
    const command = JSON.parse(argumentsOf('CMD')[0] ?? '[]') as string[];
    expect(scripts.start).toBe(`MALLOC_MMAP_THRESHOLD_=131072 exec ${command.join(' ')}`);
    expect(argumentsOf('ENV').join(' ')).toContain('MALLOC_MMAP_THRESHOLD_=131072');
    expect(existsSync(new URL('dist/main.js', root))).toBe(true);
    const manual = await readText('docs/deployment.md');
    for (const [, program = ''] of manual.matchAll(/`node [^`]*(dist\/\w+\.js)/g)) {
      expect(existsSync(new URL(program, root)), program).toBe(true);
    }
  });

  test('asks a running server for its health, and hears of one that is not there', async () => {
    const [instruction = ''] = argumentsOf('HEALTHCHECK');
    const [, command = '[]'] = /CMD (\[.*\])/s.exec(instruction) ?? [];
    const [, , code = ''] = JSON.parse(command) as string[];
    const healthy = (port: string) =>
      new Promise<boolean>((resolve) => {
        const env = { PATH: process.env.PATH, PORT: port };
        execFile(process.execPath, ['-e', code], { env }, (error) => resolve(error === null));
      });
    const server = await startTestServer({ RUN_JOBS: 'false' });
    try {
      expect(await healthy(new URL(server.url).port)).toBe(true);
      expect(await healthy('9')).toBe(false);
    } finally {
      await server.stop();
    }
  });
});

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      { readonly environment?: Readonly<Record<string, string>>; healthcheck?: object }
    >
  >;
}

describe('the Compose file', () => {
  const given: Readonly<Record<string, string>> = {
    APP_SECRET: 'of the environment, and at least 32 long',
    POSTGRES_PASSWORD: 'ofTheEnvironment',
  };
  /** As Compose reads it: a default after `:-`, and required with `:?`. */
  const interpolate = (value: string) =>
    value.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind, rest: string) => {
      const found = given[name] ?? (kind === '-' ? rest : undefined);
      if (found === undefined) throw new Error(`${name} is required and not documented.`);
      return found;
    });

  test('configures Gatehouse with what it reads, so that it would start in production', async () => {
    const [compose] = await readYaml<Compose>('compose.yaml');
    const environment = compose?.services.gatehouse?.environment ?? {};
    expect(variableNames).toEqual(expect.arrayContaining(Object.keys(environment)));
    const values = Object.entries(environment).map(([name, value]) => [name, interpolate(value)]);
    const config = readConfig(Object.fromEntries(values) as Record<string, string>);
    expect(config).toMatchObject({ production: true, redisUrl: 'redis://redis:6379' });
    expect(new URL(config.database.url ?? '').password).toBe(given.POSTGRES_PASSWORD);
  });

  test('has no secret in it, and a health check for everything', async () => {
    const source = await readText('compose.yaml');
    for (const line of source.split('\n').filter((one) => !one.trim().startsWith('#'))) {
      if (/SECRET|PASSWORD/.test(line)) expect(line).toMatch(/\$\{\w+:\?/);
    }
    const [compose] = await readYaml<Compose>('compose.yaml');
    for (const [name, { healthcheck }] of Object.entries(compose?.services ?? {})) {
      if (name !== 'gatehouse') expect(healthcheck, name).toBeDefined(); // that of its image
    }
  });
});

describe('the manifests for Kubernetes', () => {
  let manifests: Manifest[];
  let deployments: Manifest[];
  beforeAll(async () => {
    manifests = await readManifests();
    deployments = manifests.filter(({ kind }) => kind === 'Deployment');
  });

  test('are all there, and no secret is in them', () => {
    const kinds = manifests.map(({ kind }) => kind).sort();
    expect([...new Set(kinds)]).toEqual([
      'ConfigMap',
      'Deployment',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Secret',
      'Service',
    ]);
    for (const { stringData = {} } of manifests) {
      expect(Object.values(stringData).filter((value) => value !== '')).toEqual([]);
    }
  });

  test('set variables that Gatehouse reads, to what it accepts in production', () => {
    const named = manifests.flatMap(({ data = {}, stringData = {} }) => [
      ...Object.keys(data),
      ...Object.keys(stringData),
    ]);
    const own = deployments.flatMap(({ spec }) =>
      spec.template.spec.containers.flatMap(({ env = [] }) => env),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(variableNames).toEqual(
      expect.arrayContaining([...named, ...own.map(({ name }) => name)]),
    );
    const shared = manifests.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
    const secret = {
      APP_SECRET: 'thirty-two characters and a few more',
      DATABASE_URL: 'postgres://user:password@host/database',
      SMTP_URL: 'smtps://user:password@host',
    };
    const given = Object.fromEntries(own.map(({ name, value }) => [name, value]));
    expect(readConfig({ ...shared, ...secret, ...given })).toMatchObject({ production: true });
  });

  test('run as an ordinary user who can do nothing else, on a read-only file system', () => {
    expect(deployments).toHaveLength(2);
    for (const { spec } of deployments) {
      const pod = spec.template.spec;
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources).toMatchObject({ requests: {}, limits: {} });
        const volumes = pod.volumes.map(({ name }) => name);
        expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.sort());
        const program = container.args?.find((one) => one.startsWith('dist/')) ?? 'dist/main.js';
        expect(existsSync(new URL(program, root)), program).toBe(true);
      }
    }
  });

  test('probe what the server answers', async () => {
    const server = await startTestServer({ RUN_JOBS: 'false' });
    const [container] = deployments.flatMap(({ spec }) =>
      spec.template.spec.containers.filter(({ livenessProbe }) => livenessProbe),
    );
    const probes = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe];
    const paths = probes.map((probe) => probe?.httpGet.path ?? '');
    expect(paths).toEqual(['/healthz', '/healthz', '/readyz']);
    for (const path of [...paths, '/metrics']) {
      expect((await fetch(server.url + path)).status, path).toBe(200);
    }
    await server.stop();
  });
});
