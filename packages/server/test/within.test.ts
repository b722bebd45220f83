import { expect, test } from 'vitest'
import { within } from '../src/urgency.ts'

const after = <T>(ms: number, work: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    setTimeout(() => {
      try {
        resolve(work())
      } catch (fault) {
        reject(fault as Error)
      }
    }, ms)
  })
const fail = (what: string) => (): never => {
  throw new Error(what)
}
const timers = () => process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length

test('what comes in time is the answer, a fault too, and no timer is left', async () => {
  const before = timers()
  expect(await within(60_000, Promise.resolve('here'), fail('late'))).toBe('here')
  await expect(within(60_000, Promise.reject(new Error('broken')), () => 'late')).rejects.toThrow('broken')
  expect(timers()).toBe(before)
})

test('what comes too late is answered by what there is to say then, and what becomes of it is nobody’s fault', async () => {
  const unheard: unknown[] = []
  const hear = (fault: unknown) => unheard.push(fault)
  process.on('unhandledRejection', hear)
  try {
    expect(await within(5, after(40, fail('broken later')), () => 'late')).toBe('late')
    await expect(
      within(
        5,
        after(40, () => 'here'),
        fail('too late'),
      ),
    ).rejects.toThrow('too late')
    await after(80, () => {})
  } finally {
    process.off('unhandledRejection', hear)
  }
  expect(unheard).toEqual([])
})
