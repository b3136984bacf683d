import { defineConfig } from 'vitest/config';

const shared = {
  resolve: { conditions: ['@driftline/source'] },
  ssr: { resolve: { conditions: ['@driftline/source'] } },
};

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    projects: [
      { ...shared, test: { name: 'architecture', include: ['test/architecture.test.ts'] } },
      {
        ...shared,
        test: {
          name: 'packages',
          include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts'],
          // Only what hangs is to end by it: a busy machine is no failure.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: ['test/architecture.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
