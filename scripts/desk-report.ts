/** What the support desk wants to know of a receipt, from any workspace, in one page of text. */
import { NotFound, type EntryWire, type Headroom, type PurchaseWire } from '@headroom/sdk'

/**
 * One text for each purchase that a receipt number, payment intent, charge or Checkout Session names; none where there is nothing by
 * that id. With a `workspace`, a purchase's own id is understood too. Throws what the client throws.
 */
export async function deskReports(headroom: Headroom, id: string, workspace: string | null): Promise<string[]> {
  const purchases = (await headroom.purchases.byReceipt(id)).data
  const own = workspace === null ? null : await ownPurchase(headroom, workspace, id)
  if (own !== null && !purchases.some((purchase) => purchase.id === own.id)) purchases.unshift(own)
  return Promise.all(purchases.map((purchase) => report(headroom, purchase)))
}

async function ownPurchase(headroom: Headroom, workspace: string, id: string): Promise<PurchaseWire | null> {
  try {
    return await headroom.purchases.get(workspace, id)
  } catch (error) {
    if (error instanceof NotFound) return null
    throw error
  }
}

async function report(headroom: Headroom, purchase: PurchaseWire): Promise<string> {
  const { workspace } = purchase
  const [{ name, status }, usage] = await Promise.all([headroom.workspaces.get(workspace), headroom.usage(workspace)])
  const brought = purchase.brings.map(({ meter }) => meter)
  // A plan brings no credits of its own: it is every meter's allowance.
  const meters = usage.meters.filter(({ meter }) => brought.length === 0 || brought.includes(meter))
  const explained = await Promise.all(
    meters.map(async ({ meter, label }) => [label, await headroom.explain(workspace, meter)] as const),
  )
  const entries = await entriesOf(headroom, purchase)
  return [
    `Purchase ${purchase.id}`,
    ...indented([...purchaseLines(purchase)]),
    `Workspace ${name} (${workspace})`,
    ...indented([
      `${usage.plan.name}, ${status}, period ${instant(usage.period.start)} to ${instant(usage.period.end)}`,
    ]),
    'Ledger entries of the purchase, newest first',
    ...indented(entries.length === 0 ? ['none'] : entries.map(entryLine)),
    ...explained.flatMap(([label, { sentences }]) => [label, ...indented(sentences.map(({ text }) => text))]),
  ].join('\n')
}

const indented = (lines: string[]) => lines.map((line) => `  ${line}`)
const number = (n: number) => n.toLocaleString('en-US')
const instant = (at: string) => `${at.slice(0, 16).replace('T', ' ')} UTC`

function* purchaseLines(purchase: PurchaseWire): Generator<string> {
  const { addOn, blocks, plan, contacts, interval, brings, receipt } = purchase
  if (addOn !== null) {
    const lines = brings.map(({ meter, quantity }) => `${number(quantity)} ${meter}`)
    yield `${blocks} × ${addOn}: ${lines.join(' + ')}`
  } else
    yield ['plan', plan, contacts === null ? null : `${number(contacts)} contacts`, interval].filter(Boolean).join(' ')
  yield `${money(purchase.total, purchase.currency)}, ${purchase.state}${refunded(purchase)}`
  yield receipt === null ? 'no receipt' : `receipt ${receipt.number}${receipt.url === null ? '' : ` ${receipt.url}`}`
  const paid = purchase.paidAt === null ? 'not paid' : `paid ${instant(purchase.paidAt)}`
  yield `begun ${instant(purchase.createdAt)}, ${paid}`
}

const refunded = ({ refundedTotal, currency }: PurchaseWire) =>
  refundedTotal > 0 ? `, ${money(refundedTotal, currency)} paid back` : ''

function money(cents: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency })
  return format.format(cents / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

/** What it brought and what was taken back, read back to when it was begun. */
async function entriesOf(headroom: Headroom, purchase: PurchaseWire): Promise<EntryWire[]> {
  const found: EntryWire[] = []
  for (const { meter } of purchase.brings) {
    for (const kind of ['grant', 'refund'] as const) {
      for await (const entry of headroom.ledgerEntries(purchase.workspace, { meter, kind })) {
        if (entry.at < purchase.createdAt) break
        // What a won dispute gives back is booked under the purchase's id and a word of its own.
        const isOf = entry.source.id === purchase.id || entry.source.id.startsWith(`${purchase.id}_`)
        if (entry.source.type === 'purchase' && isOf) found.push(entry)
      }
    }
  }
  return found.sort((one, other) => other.seq - one.seq)
}

function entryLine({ id, at, meter, kind, quantity, after, actor }: EntryWire): string {
  const { limit, used, reserved } = after
  const figures = `limit ${limit === null ? 'none' : number(limit)} used ${number(used)} reserved ${number(reserved)}`
  return `${instant(at)} ${kind} ${quantity === null ? 'unlimited' : number(quantity)} ${meter} → ${figures} by ${actor} (${id})`
}
