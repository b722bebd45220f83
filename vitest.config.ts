import { defineConfig } from 'vitest/config'

// One PostgreSQL serves the whole run; every test file makes its own databases on it (@headroom/local-postgres/test).
export default defineConfig({
  test: {
    include: [
      'packages/**/*.test.{ts,tsx}',
      'apps/**/*.test.{ts,tsx}',
      'catalogs/**/*.test.ts',
      'bench/**/*.test.ts',
      'torture/**/*.test.ts',
      'e2e/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    globalSetup: ['@headroom/local-postgres/test-global-setup'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
