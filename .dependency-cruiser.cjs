/** Which way imports may point. `docs/decisions.md` says why. */
const feature = '^src/features/([^/]+)/';

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-circles-of-folders',
      severity: 'error',
      from: { path: feature },
      to: { circular: true },
      scope: 'folder',
    },
    {
      name: 'ground-knows-nothing',
      comment: 'context, errors and the like are what everything stands on',
      severity: 'error',
      from: {
        path: '^src/(config/|(actor|breaches|client|context|errors|identifiers|json|keyset|limits|posting|replicas|statement|text|tracing)\\.ts$)',
      },
      to: {
        path: '^src/',
        pathNot:
          '^src/(config/|(actor|breaches|client|context|errors|identifiers|json|keyset|limits|posting|replicas|statement|text|tracing)\\.ts$)',
      },
    },
    {
      name: 'graphql-knows-no-feature',
      severity: 'error',
      from: { path: '^src/graphql/' },
      to: { path: '^src/(features|adapters|http|database|process|server|main|schema)' },
    },
    {
      name: 'adapters-know-no-feature',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^src/(features|graphql|http|database|process|server|main|schema)' },
    },
    {
      name: 'services-know-no-graphql',
      comment: 'rules do not depend on how they are asked for',
      severity: 'error',
      from: { path: '^src/features/.+\\.(service|rules|entity|store|token|search)\\.ts$' },
      to: {
        path: [
          '^src/(graphql|adapters|http)/',
          '\\.(resolver|inputs|payload|loaders|delivery)\\.ts$',
        ],
      },
    },
    {
      name: 'features-meet-at-their-doors',
      comment: 'of another feature only services, entities, loaders, rules and GraphQL types',
      severity: 'error',
      from: { path: feature },
      to: {
        path: '^src/features/',
        pathNot: [
          '^src/features/$1/',
          '\\.(service|entity|loaders|rules|inputs|payload|token|delivery)\\.ts$',
        ],
      },
    },
    {
      name: 'features-know-no-transport',
      severity: 'error',
      from: { path: '^src/features/' },
      to: { path: '^src/(http|database|adapters|commands|process|server|main|schema)' },
    },
    {
      name: 'pages-stand-alone',
      comment: 'what runs in browsers meets the server over GraphQL only',
      severity: 'error',
      from: { path: '^pages/' },
      to: { pathNot: '^(pages|client/src)/' },
    },
    {
      name: 'client-stands-alone',
      comment: 'it is a package without dependencies; graphql is there for its types',
      severity: 'error',
      from: { path: '^client/src/' },
      to: { pathNot: '^(client/src|node_modules/graphql)/' },
    },
    {
      name: 'only-what-is-declared',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^node_modules', '^dist'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
