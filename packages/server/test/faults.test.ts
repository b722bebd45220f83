import { expect, test } from 'vitest'
import { unavailable } from '@headroom/engine'
import { replyToFault } from '../src/faults.ts'
import { createLog } from '../src/log.ts'

function replyTo(fault: unknown) {
  const lines: string[] = []
  const reply = replyToFault(fault, 'req_1', createLog('info', { write: (line) => void lines.push(line) }))
  return { ...reply, lines }
}

test('R55 an unknown outcome says so, and what to do', () => {
  const { status, body, headers } = replyTo(unavailable('unknown', 'The connection was lost at COMMIT.'))
  expect({ status, headers }).toEqual({ status: 503, headers: { 'retry-after': '1' } })
  expect(body).toMatchObject({ code: 'unavailable', requestId: 'req_1' })
  expect((body as { detail: string }).detail).toMatch(/COMMIT.*outcome is unknown.*same id or Idempotency-Key/)
})

test('what has not happened is said not to have happened, and what is away', () => {
  expect(replyTo(unavailable('nothing_happened', 'The billing portal is not set up.')).body).toMatchObject({
    code: 'unavailable',
    detail: 'The billing portal is not set up. Nothing happened.',
  })
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
  const ended = Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' })
  for (const fault of [refused, ended, new Error('Connection terminated unexpectedly')]) {
    expect(replyTo(fault)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { detail: 'The database is out of reach. Nothing happened.' },
    })
  }
})

test('a fault of ours is logged whole and answered without its inside', () => {
  const { status, body, lines } = replyTo(new TypeError('relation "balances" does not exist at select * from secrets'))
  expect(status).toBe(500)
  expect(JSON.stringify(body)).not.toMatch(/relation|select|at /)
  expect(lines.join('')).toContain('relation')
})
