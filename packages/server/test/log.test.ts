import { expect, test, vi } from 'vitest'
import { createLog } from '../src/log.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = []
  write(createLog('info', { write: (line) => void lines.push(line) }))
  return lines
}

test('secrets are taken out by field and by shape', () => {
  const [line] = logged((log) =>
    log.info(
      {
        headers: { authorization: 'Bearer plain', cookie: 'session=plain', 'stripe-signature': 't=1,v1=plain' },
        token: 'plain',
        made: { key: 'plain', id: 'key_1' },
        path: '/v1/hr_sk_canary0123456789',
        url: 'postgres://app:canary@db/headroom',
        text: 'sk_test_canary rk_live_canary whsec_canary hr_bt_canary0123456789',
      },
      'hr_sk_canary0123456789',
    ),
  )
  expect(line).not.toMatch(/canary|plain/)
  expect(JSON.parse(line!)).toMatchObject({ made: { id: 'key_1' }, token: '[redacted]' })
})

test('R30 a line break in a value is no line break in the log', () => {
  const lines = logged((log) => log.info({ path: 'x\n{"level":"info","msg":"paid"}' }, 'answered'))
  expect(lines).toHaveLength(1)
  expect(lines[0]!.trimEnd()).not.toContain('\n')
})

test('a line tells the very millisecond', () => {
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  const instants = [
    '2026-11-27T00:59:59.999Z',
    '2026-11-27T01:00:00.000Z',
    '2026-11-27T01:00:00.007Z',
    '2026-11-27T00:59:59.040Z',
  ]
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    for (const instant of instants) {
      vi.setSystemTime(new Date(instant))
      log.info('seen')
    }
  } finally {
    vi.useRealTimers()
  }
  expect(lines.map((line) => (JSON.parse(line) as { time: string }).time)).toEqual(instants)
})
