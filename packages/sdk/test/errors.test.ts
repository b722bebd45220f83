import { codes, type Code } from '@headroom/core'
import { expect, test } from 'vitest'
import * as sdk from '../src/index.ts'
import { json, problem, scriptedServer, type Answer } from './scripted-server.ts'

/** Every code of the interface has its class. A new code without one fails the types here. */
const kinds: Record<Code, string> = {
  invalid_request: 'InvalidRequest',
  unauthenticated: 'Unauthenticated',
  insufficient_credits: 'InsufficientCredits',
  forbidden: 'Forbidden',
  not_found: 'NotFound',
  method_not_allowed: 'InvalidRequest',
  reservation_closed: 'ReservationClosed',
  in_progress: 'InProgress',
  too_large: 'InvalidRequest',
  unsupported_media_type: 'InvalidRequest',
  reservation_mismatch: 'Mismatch',
  subscription_exists: 'SubscriptionExists',
  workspace_mismatch: 'Mismatch',
  idempotency_mismatch: 'Mismatch',
  exceeds_reservation: 'ExceedsReservation',
  rate_limited: 'RateLimited',
  internal: 'UnexpectedAnswer',
  unavailable: 'Unavailable',
}

async function failureOf(answer: Answer): Promise<sdk.HeadroomError> {
  await using server = await scriptedServer(answer)
  const headroom = new sdk.Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test', maxRetries: 0 })
  const error: unknown = await headroom.reserve('ws_1', { lines: [] }).catch((thrown: unknown) => thrown)
  if (error instanceof sdk.HeadroomError) return error
  throw new Error('It did not fail as it should.')
}

test.each(Object.entries(kinds))('%s is thrown as %s', async (code, name) => {
  const { status } = codes[code as Code]
  const error = await failureOf(problem(status, code))
  expect(error).toBeInstanceOf(sdk[name as 'InvalidRequest'])
  expect(error).toMatchObject({ name, status, code, requestId: 'req_1', message: `It was ${code}.` })
  expect(error.problem?.title).toBe(code)
})

test('a refusal carries the verdict that helps', async () => {
  const verdict = {
    reason: 'limit_reached',
    resetsAt: '2026-12-01T09:14:00Z',
    lines: [{ meter: 'leads', requested: 1000, available: 600, limit: 5000, maxAllowed: 600 }],
    actions: [{ kind: 'lower_quantity', label: 'Lower the quantity', meter: 'leads', quantity: 600 }],
  }
  const error = (await failureOf(problem(402, 'insufficient_credits', verdict))) as sdk.InsufficientCredits
  expect(error).toMatchObject(verdict)
  expect(error.verdict).toEqual({ allowed: false, ...verdict })
})

test('a closed reservation says how it ended, a mismatch of what', async () => {
  expect(await failureOf(problem(409, 'reservation_closed', { state: 'expired' }))).toMatchObject({ state: 'expired' })
  expect(await failureOf(problem(422, 'reservation_mismatch'))).toMatchObject({ of: 'reservation' })
  expect(await failureOf(problem(422, 'workspace_mismatch'))).toMatchObject({ of: 'workspace' })
  expect(await failureOf(problem(422, 'idempotency_mismatch'))).toMatchObject({ of: 'idempotency' })
})

test('an answer that is not ours is told apart by its status alone', async () => {
  const page =
    (status: number): Answer =>
    (response) =>
      void response.writeHead(status).end('<html></html>')
  expect(await failureOf(page(403))).toBeInstanceOf(sdk.Forbidden)
  expect(await failureOf(page(504))).toBeInstanceOf(sdk.Unavailable)
  expect(await failureOf(page(418))).toMatchObject({ name: 'UnexpectedAnswer', status: 418, problem: null })
  expect(await failureOf(page(200))).toMatchObject({ name: 'UnexpectedAnswer', status: 200 })
  expect(await failureOf(json(422, { code: 'from_the_future' }))).toMatchObject({ name: 'UnexpectedAnswer' })
})
