import { exactMoney, instant, stateWords, useCatalog, whatText } from '@headroom/react'
import type { PurchaseWire } from '@headroom/sdk'
import { Badge } from '../parts/Badge.tsx'
import type { FoundPurchase } from './api.ts'
import { LedgerTable } from './LedgerTable.tsx'

/** Each with what it cost, where it stands, and the entries it has made. */
export function FoundPurchases({ found }: { found: FoundPurchase[] }) {
  return (
    <>
      {found.map(({ purchase, entries }) => (
        <div key={purchase.id} className="stack">
          <Purchase purchase={purchase} />
          {entries.length > 0 ? (
            <LedgerTable rows={entries} caption={`Ledger entries of purchase ${purchase.id}`} />
          ) : (
            <p className="quiet">{withoutEntries(purchase)}</p>
          )}
        </div>
      ))}
    </>
  )
}

function Purchase({ purchase }: { purchase: PurchaseWire }) {
  const { catalog } = useCatalog()
  const { id, total, currency, createdAt, paidAt, receipt } = purchase
  const { text, tone, hint } = stateWords(purchase)
  return (
    <dl className="facts">
      <dt>Bought</dt>
      <dd className="is-strong">{whatText(purchase, catalog)}</dd>
      <dt>State</dt>
      <dd>
        <Badge tone={tone}>{text}</Badge> {hint !== null && <span className="quiet">{hint}</span>}
      </dd>
      <dt>Total</dt>
      <dd>{exactMoney(total, currency)}</dd>
      <dt>Begun</dt>
      <dd>{instant(createdAt)}</dd>
      {paidAt !== null && (
        <>
          <dt>Paid</dt>
          <dd>{instant(paidAt)}</dd>
        </>
      )}
      {receipt !== null && (
        <>
          <dt>Receipt</dt>
          <dd>
            {receipt.url === null ? (
              receipt.number
            ) : (
              <a className="link" href={receipt.url} target="_blank" rel="noreferrer" title="Opens in a new tab">
                {receipt.number}
              </a>
            )}
          </dd>
        </>
      )}
      <dt>Purchase</dt>
      <dd>{id}</dd>
    </dl>
  )
}

function withoutEntries({ plan, state }: PurchaseWire): string {
  if (plan !== null) return 'A plan has no entries of its own: its allowance stands in the ledger, period by period.'
  return state === 'paid' || state === 'disputed' || state === 'refunded'
    ? 'It has not made an entry yet. A payment is booked within moments.'
    : 'It has made no entry: nothing was paid, so nothing was added.'
}
