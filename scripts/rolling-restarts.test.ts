/** Three restarts of two servers as production runs them; scripts/rolling-restarts.ts does fifty. */
import { testDatabase } from '@headroom/local-postgres/test'
import { expect, test } from 'vitest'
import { rolling } from './restarts/rolling.ts'

test('F1 servers restarted in turn behind a load balancer: no call fails, hardly one is tried again, and the books are right', async () => {
  const database = await testDatabase()
  const rolled = await rolling({ databaseUrl: database.ownerUrl, restarts: 3, clients: 8 })
  expect(rolled.failures).toEqual([])
  expect(rolled).toMatchObject({ restarts: 3, exits: [0, 0, 0], reserved: 0, used: rolled.committed })
  expect(rolled.committed).toBeGreaterThan(100)
  // Servers that cut what they were doing would make every client ask again at every restart.
  expect(Object.values(rolled.retries).reduce((sum, count) => sum + count, 0)).toBeLessThan(8)
  await database.drop()
}, 240_000)
