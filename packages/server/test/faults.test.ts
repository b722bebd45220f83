import { expect, test } from 'vitest'
import { replyToFault } from '../src/faults.ts'
import { createLog } from '../src/log.ts'

function replyTo(fault: unknown) {
  const lines: string[] = []
  const reply = replyToFault(fault, 'req_1', createLog('info', { write: (line) => void lines.push(line) }))
  return { ...reply, lines }
}

const unavailable = (outcome: 'nothing_happened' | 'unknown') =>
  Object.assign(new Error('The books are out of reach.'), { code: 'unavailable', retryAfterSeconds: 3, outcome })

test('R55 an unknown outcome says so, and what to do', () => {
  const { status, body, headers } = replyTo(unavailable('unknown'))
  expect({ status, headers }).toEqual({ status: 503, headers: { 'retry-after': '3' } })
  expect(body).toMatchObject({ code: 'unavailable', requestId: 'req_1' })
  expect((body as { detail: string }).detail).toMatch(/outcome is unknown.*same Idempotency-Key or id/)
})

test('what has not happened is said not to have happened', () => {
  expect(replyTo(unavailable('nothing_happened')).body).toMatchObject({
    code: 'unavailable',
    detail: expect.stringMatching(/^Nothing happened/) as string,
  })
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
  const ended = Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' })
  for (const fault of [refused, ended, new Error('Connection terminated unexpectedly')]) {
    expect(replyTo(fault)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
  }
})

test('a fault of ours is logged whole and answered without its inside', () => {
  const { status, body, lines } = replyTo(new TypeError('relation "balances" does not exist at select * from secrets'))
  expect(status).toBe(500)
  expect(JSON.stringify(body)).not.toMatch(/relation|select|at /)
  expect(lines.join('')).toContain('relation')
})
