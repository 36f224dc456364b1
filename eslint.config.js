import tseslint from 'typescript-eslint';

const strictly = [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked];

/** Only `config.ts` reads the environment; everything else is given what it needs. */
const noEnvironment = {
  'no-restricted-properties': [
    'error',
    {
      object: 'process',
      property: 'env',
      message: 'Only src/config/config.ts reads the environment.',
    },
  ],
};

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '.data',
      'node_modules',
      'bench/node_modules',
      'client/src/{types,operations,documents}.ts',
      'examples',
      '**/*.{js,mjs,cjs}',
    ],
  },
  ...strictly,
  { languageOptions: { parserOptions: { projectService: true } } },
  {
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      // Off, each for a reason:
      '@typescript-eslint/no-unnecessary-condition': 'off', // distrusts checks of rows and JSON
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off', // GraphQL types are shapes
      '@typescript-eslint/no-unnecessary-type-parameters': 'off', // newId<UserId>() names the kind
      '@typescript-eslint/no-empty-function': 'off', // "nothing to do" is an answer
      '@typescript-eslint/require-await': 'off', // Apollo's hooks must be async
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
    },
  },
  { files: ['src/**/*.ts'], ignores: ['src/config/config.ts'], rules: noEnvironment },
  {
    // A test is a sentence with all it needs; a page of them is long.
    files: ['tests/**/*.ts', 'bench/**/*.ts', 'playground/**/*.{ts,tsx}', 'migrations/*.ts'],
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': 'off',
      'no-console': 'off',
    },
  },
);
