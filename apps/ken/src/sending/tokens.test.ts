import { expect, test } from 'vitest'
import { readToken, writeToken } from './tokens.ts'

const secret = 's'.repeat(32)
const id = 'rcp_0192f3a4-1111-4222-8333-444455556666'

test('a token names its recipient, in whatever case it comes back, and fits an address', () => {
  const token = writeToken(secret, 'reply', id)
  expect(readToken(secret, 'reply', token.toUpperCase())).toBe(id)
  expect(`reply+${token}`.length).toBeLessThanOrEqual(64)
})

test('a token of the other door, of another secret, or changed in any place names nobody', () => {
  const token = writeToken(secret, 'unsubscribe', id)
  expect(readToken(secret, 'reply', token)).toBeNull()
  expect(readToken('t'.repeat(32), 'unsubscribe', token)).toBeNull()
  for (let place = 0; place < token.length; place += 1) {
    const other = token[place] === 'a' ? 'b' : 'a'
    expect(readToken(secret, 'unsubscribe', token.slice(0, place) + other + token.slice(place + 1))).toBeNull()
  }
  for (const none of ['', 'x', `${token}0`]) expect(readToken(secret, 'unsubscribe', none)).toBeNull()
})
