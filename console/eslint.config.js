import tseslint from 'typescript-eslint';

export default tseslint.config(
    { ignores: ['dist/**', 'node_modules/**', 'tests/out/**'] },
    ...tseslint.configs.strict,
    {
        rules: {
            '@typescript-eslint/no-non-null-assertion': 'off',
            'no-console': 'error',
            eqeqeq: 'error',
        },
    },
    { files: ['tools/**', 'tests/**'], rules: { 'no-console': 'off' } },
);
