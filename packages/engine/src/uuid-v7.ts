/**
 * UUIDs of version 7 (RFC 9562): the time first, so that ids made later sort later. PostgreSQL makes its own only from version 18 on.
 * Within one process they strictly ascend, also when the clock stands still or steps back: a counter fills the 12 bits behind the time.
 */
import { randomFillSync } from 'node:crypto'

const counterEnd = 0x1000

const pool = Buffer.alloc(8 * 512)
/** The same in hexadecimal, two characters a byte: turned into text once, not for each id. */
let digits = ''
let taken = pool.length
let lastMs = 0
let counter = 0
let beginningMs = -1
/** How the ids of that millisecond begin. */
let beginning = ''

export function uuidV7(now: number = Date.now()): string {
  if (taken === pool.length) {
    digits = randomFillSync(pool).toString('hex')
    taken = 0
  }
  const at = taken
  taken += 8
  if (now > lastMs) {
    lastMs = now
    // The upper half of the counter stays free, so that a busy millisecond has room to count.
    counter = pool.readUInt16BE(at) & 0x7ff
  } else if (++counter === counterEnd) {
    lastMs += 1
    counter = 0
  }
  if (lastMs !== beginningMs) {
    const time = lastMs.toString(16).padStart(12, '0')
    beginning = `${time.slice(0, 8)}-${time.slice(8)}-7`
    beginningMs = lastMs
  }
  const tail = digits.slice(2 * at, 2 * taken)
  const variant = '89ab'[pool[at]! & 3]
  return `${beginning}${counter.toString(16).padStart(3, '0')}-${variant}${tail.slice(1, 4)}-${tail.slice(4)}`
}

/** An id with the prefix of its kind. */
export const mint = (prefix: 'req' | 'ws' | 'rsv' | 'use' | 'grt' | 'key' | 'tok' | 'pur'): string =>
  `${prefix}_${uuidV7()}`
