import { expect, test } from 'vitest'
import { mint, uuidV7 } from '../src/uuid-v7.ts'

test('ids are version 7, variant 10, with the time in front', () => {
  const id = uuidV7(Date.UTC(2100, 0, 1))
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.UTC(2100, 0, 1))
  expect(mint('rsv')).toMatch(/^rsv_[0-9a-f-]{36}$/)
})

test('ids ascend within a millisecond, beyond its counter, and when the clock steps back', () => {
  const now = Date.UTC(2101, 0, 1)
  const ids = Array.from({ length: 20_000 }, (_, n) => uuidV7(n % 7 === 0 ? now - 5_000 : now))
  expect(ids).toEqual([...ids].sort())
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(ids.map((id) => id.slice(-16))).size).toBe(ids.length)
})
