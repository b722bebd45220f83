import { expect, test } from 'vitest'
import { delivers, offlineVerifier, verifierOf, type Verification } from './verifier.ts'

const never = new AbortController().signal
const verify = async (email: string) => (await offlineVerifier().verify([email], never))[0]!

const atSight: [email: string, verification: Verification][] = [
  ['info@company.example', 'risky'],
  ['sales+eu@company.example', 'risky'],
  ['no-reply@company.example', 'risky'],
  ['ann@throwaway.example', 'invalid'],
  ['ann@mailinator.com', 'invalid'],
  ['ann@sub.mailinator.com', 'invalid'],
  ['ann@company.test', 'invalid'],
  ['ann@company.invalid', 'invalid'],
  ['ann@example.com', 'invalid'],
  ['ann@sub.example.org', 'invalid'],
]

test.each(atSight)('%s is %s at sight', async (email, verification) => {
  expect(await verify(email)).toBe(verification)
})

test('only safe and verified deliver', () => {
  const all: Verification[] = ['safe', 'verified', 'catch_all', 'risky', 'invalid', 'unknown', 'none']
  expect(all.filter(delivers)).toEqual(['safe', 'verified'])
})

test('the draw says the same each time, about 70 of 100 deliver, and every status occurs', async () => {
  const emails = Array.from({ length: 5_000 }, (_, n) => `person${n}@company${n % 97}.example`)
  const first = await offlineVerifier().verify(emails, never)
  expect(await offlineVerifier().verify(emails.toReversed(), never)).toEqual(first.toReversed())
  expect(new Set(first).size).toBe(7)
  const share = first.filter(delivers).length / emails.length
  expect(share).toBeGreaterThan(0.66)
  expect(share).toBeLessThan(0.74)
})

test('a batch that is no longer wanted ends early', async () => {
  const control = new AbortController()
  const verifying = offlineVerifier({ millisecondsEach: 60_000 }).verify(['a@x.example'], control.signal)
  control.abort()
  await expect(verifying).rejects.toThrow()
})

test('KEN_VERIFIER names the adapter, and a wrong name is refused', () => {
  expect(verifierOf(undefined, { millisecondsEach: 0 })).toBeDefined()
  expect(verifierOf('mx', { millisecondsEach: 0 })).toBeDefined()
  // One line for the operator, and the exit code of a wrong setting.
  expect(() => verifierOf('smtp', { millisecondsEach: 0 })).toThrow(
    expect.objectContaining({ message: 'KEN_VERIFIER must be offline or mx.', exitCode: 2 }) as Error,
  )
})
