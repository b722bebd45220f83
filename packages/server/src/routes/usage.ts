import { hash } from 'node:crypto'
import type { UsageWire } from '@headroom/core'
import type { Money } from '@headroom/stripe'
import * as answers from '../answers.ts'
import { maySeeMoney } from '../auth.ts'
import { notFound } from '../problem.ts'
import * as requests from '../requests.ts'
import { route } from '../route.ts'

const tag = 'Usage'

/** Moves with every change of what is shown; the instant of reading alone is none. */
function etagOf(usage: UsageWire, version: number): string {
  const shown = JSON.stringify({ ...usage, asOf: '' })
  return `W/"${version}-${hash('sha256', shown, 'base64url').slice(0, 16)}"`
}

const isKnown = (ifNoneMatch: string | null, etag: string): boolean =>
  ifNoneMatch !== null && ifNoneMatch.split(',').some((known) => known.trim() === etag || known.trim() === '*')

const withoutMoney = (usage: UsageWire): UsageWire => ({ ...usage, price: null, addOns: null })

/** With the price that is really billed, where that is known; it never takes long and never fails (decisions §6). */
const priced = async (money: Money | null, usage: UsageWire): Promise<UsageWire> =>
  money ? { ...usage, price: await money.price(usage) } : usage

export const usage = [
  route({
    name: 'getUsage',
    method: 'get',
    path: '/v1/workspaces/{workspace}/usage',
    tag,
    summary: 'Plan, price, period and meters, now',
    description:
      '`price` and `addOns` are null for browser tokens but an Admin’s. The price is what is really billed a month, or `predicted` where that cannot be read within 1.2 s. Send the ETag back as If-None-Match: 304 while nothing changed.',
    right: 'look',
    answers: {
      200: {
        description: 'The usage.',
        schema: answers.usage,
        headers: { ETag: { description: 'Of what is shown.', schema: { type: 'string' } } },
      },
      304: { description: 'Nothing has changed since the ETag sent.' },
    },
    async handle({ engine, money, workspace, principal, asked }) {
      const found = await engine.usage(workspace)
      if (!found) throw notFound()
      const shown = maySeeMoney(principal) ? await priced(money, found.usage) : withoutMoney(found.usage)
      const etag = etagOf(shown, found.version)
      const headers = { etag, 'cache-control': 'private, no-cache' }
      if (isKnown(asked.header('if-none-match'), etag)) return { status: 304, body: null, headers }
      return { status: 200, body: shown, headers }
    },
  }),
  route({
    name: 'check',
    method: 'post',
    path: '/v1/workspaces/{workspace}/check',
    tag,
    summary: 'Would these quantities fit now?',
    description:
      'Advice only: nothing is set aside. What must hold is a reservation. Always read afresh, also under an Idempotency-Key.',
    right: 'look',
    body: requests.check,
    answers: { 200: { description: 'The verdict, also where it says no.', schema: answers.verdict } },
    handle: ({ engine, workspace, body, viewer, requestId }) => engine.check(workspace, body.lines, viewer, requestId),
  }),
]
