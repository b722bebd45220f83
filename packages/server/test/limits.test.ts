import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openRoom, type Answered, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom({ rateLimit: 20 })
})
afterAll(() => room.stop())

// The limits go by this clock: it stands still, so that a slow machine counts as a fast one does.
beforeEach(() => void vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000))
afterEach(() => void vi.restoreAllMocks())

const many = (count: number, key: string): Promise<Answered[]> =>
  Promise.all(Array.from({ length: count }, () => room.get('/v1/catalog', key)))
const statuses = (answers: Answered[]) => answers.map(({ status }) => status)

test('R38 a browser token above 50 a second waits; others do not', async () => {
  const workspace = await room.workspace()
  const [fast, slow] = [await room.token(workspace, 'viewer'), await room.token(workspace, 'viewer')]
  const answers = await many(60, fast)
  const limited = answers.filter(({ status }) => status === 429)
  expect(limited).toHaveLength(10)
  expect(limited[0]!.headers.get('retry-after')).toBe('1')
  expect(statuses(await many(1, slow))).toEqual([200])
})

test('R38 a key above HEADROOM_RATE_LIMIT waits; another key does not', async () => {
  const other = await room.newKey('read')
  const limited = statuses(await many(60, other)).filter((status) => status === 429)
  expect(limited).toHaveLength(40)
  expect(statuses(await many(1, room.key))).toEqual([200])
})

test('R102 a thousand wrong keys from one address: the rest waits, who is known goes on', async () => {
  expect(statuses(await many(1, room.key))).toEqual([200])
  const wrong = async (count: number) => {
    const all = await Promise.all(
      Array.from({ length: count }, (_, n) => room.get('/v1/catalog', `hr_sk_wrong_${n}_0123456789`)),
    )
    return statuses(all).filter((status) => status === 429).length
  }
  let limited = 0
  for (let round = 0; round < 10; round += 1) limited += await wrong(100)
  expect(limited).toBe(0)
  expect(await wrong(20)).toBe(20)
  expect(room.logged.filter((line) => line.includes('too many wrong keys'))).toHaveLength(20)
  expect(statuses(await many(1, room.key))).toEqual([200])
})
