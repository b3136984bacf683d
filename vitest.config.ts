import { defineConfig } from 'vitest/config';

const shared = {
  resolve: { conditions: ['@driftline/source'] },
  ssr: { resolve: { conditions: ['@driftline/source'] } },
};

/** Only what hangs is to end by a timeout: a busy machine is no failure. */
const patient = { poll: { timeout: 30_000 } };

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
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: patient,
        },
      },
      {
        ...shared,
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: ['test/architecture.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          expect: patient,
        },
      },
    ],
  },
});
