/**
 * What was quoted, written on the Checkout Session and signed by us. A database that was restored knows nothing of purchases made after
 * its copy: with this their rows are made again, and the one grant function does the rest. Nobody without our key can write one.
 */
import type { Interval, Line } from '@headroom/core'
import type { PurchaseRow } from '@headroom/engine'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { unpaid } from './unpaid.ts'

/** As Stripe allows for a value of metadata. */
const longest = 500

export type Sign = (text: string) => string

/** Goes with the key of the account: sessions of another account are not ours anyway. */
export const signer =
  (secretKey: string): Sign =>
  (text) =>
    createHmac('sha256', `headroom quote ${secretKey}`).update(text).digest('base64url')

type Written = [
  addOn: string | null,
  blocks: number | null,
  plan: string | null,
  contacts: number | null,
  interval: Interval | null,
  brings: [meter: string, quantity: number][],
  total: number,
  currency: string,
  createdAt: number,
  actor: string,
]

/** For the session's metadata; nothing where it would be too long, and then a lost row stays lost. */
export function writeQuote(row: PurchaseRow, sign: Sign): Record<string, string> {
  const brings = row.brings.map(({ meter, quantity }): [string, number] => [meter, quantity])
  const { addOn, blocks, plan, contacts, interval, total, currency, createdAt, actor } = row
  const quote = JSON.stringify([
    addOn,
    blocks,
    plan,
    contacts,
    interval,
    brings,
    total,
    currency,
    createdAt,
    actor,
  ] satisfies Written)
  if (quote.length > longest) return {}
  return { quote, quote_signature: sign(signedText(row.workspace, row.id, quote)) }
}

/** The purchase that a session's metadata tells of, as it was when it was made; undefined where we did not sign it. */
export function readQuote(metadata: Record<string, string> | null | undefined, sign: Sign): PurchaseRow | undefined {
  const { workspace, purchase, quote, quote_signature: signature } = metadata ?? {}
  if (!workspace || !purchase || !quote || !signature) return undefined
  const [given, right] = [Buffer.from(signature), Buffer.from(sign(signedText(workspace, purchase, quote)))]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
  const written = JSON.parse(quote) as Written
  const [addOn, blocks, plan, contacts, interval, brings, total, currency, createdAt, actor] = written
  return {
    workspace,
    id: purchase,
    createdAt,
    addOn,
    blocks,
    plan,
    contacts,
    interval,
    total,
    currency,
    actor,
    brings: brings.map(([meter, quantity]): Line => ({ meter, quantity })),
    state: 'pending',
    key: null,
    request: 'restored',
    ...unpaid,
  }
}

const signedText = (workspace: string, purchase: string, quote: string): string =>
  JSON.stringify([workspace, purchase, quote])
