/** How the test run's one server reaches the test files: through the environment, which their processes inherit. */
export interface TestServer {
  url: string
  ownerUrl: string
  adminUrl: string
  /** Begins the names of this run's databases. */
  prefix: string
}

const VARIABLE = 'HEADROOM_TEST_SERVER'

export function announceTestServer(server: TestServer): void {
  process.env[VARIABLE] = JSON.stringify(server)
}

export function testServer(): TestServer {
  const server = process.env[VARIABLE]
  if (!server) throw new Error('No test server: run the tests with the vitest.config.ts of the repository.')
  return JSON.parse(server) as TestServer
}
