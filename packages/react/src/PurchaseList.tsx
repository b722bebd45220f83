import type { CatalogWire, PurchaseWire } from '@headroom/sdk'
import { useCatalog } from './HeadroomProvider.tsx'
import { NewTabIcon } from './icons.tsx'
import { day, instant } from './instants.ts'
import { exactMoney } from './money.ts'
import { stateWords, whatText } from './purchase-words.ts'
import { usePurchases, type PurchasesState } from './use-purchases.ts'

/** What the workspace has bought, newest first, kept current. Stands within a HeadroomProvider. */
export function PurchaseList() {
  const { catalog } = useCatalog()
  return <PurchaseListView catalog={catalog} {...usePurchases()} />
}

export interface PurchaseListViewProps extends PurchasesState {
  /** Names plans and meters; until it is there stand their ids. */
  catalog: CatalogWire | null
  retry: () => void
  more: () => void
}

/** The same list from the state you hand in. */
export function PurchaseListView({ status, purchases, cursor, busy, moreFailed, ...props }: PurchaseListViewProps) {
  const { catalog, retry, more } = props
  if (status === 'error') return <Trouble title="Purchases could not be loaded" onRetry={retry} />
  if (purchases === null) return <Loading />
  if (purchases.length === 0) {
    return (
      <p className="hr-purchases-empty">
        Nothing bought yet. Purchases of credits and plans stand here with their receipts.
      </p>
    )
  }
  return (
    <div className="hr-purchases-frame">
      <ul className="hr-purchases">
        {purchases.map((purchase) => (
          <Purchase key={purchase.id} purchase={purchase} catalog={catalog} />
        ))}
      </ul>
      {moreFailed && <Trouble title="Older purchases could not be loaded" onRetry={more} />}
      {cursor !== null && !moreFailed && (
        <button type="button" className="hr-button" aria-disabled={busy} aria-busy={busy} onClick={more}>
          Show older purchases
        </button>
      )}
    </div>
  )
}

function Purchase({ purchase, catalog }: { purchase: PurchaseWire; catalog: CatalogWire | null }) {
  const { createdAt, paidAt, total, currency, checkoutUrl, state } = purchase
  const { text, tone, hint } = stateWords(purchase)
  const at = paidAt ?? createdAt
  return (
    <li className="hr-purchase-row">
      <div className="hr-purchase-what">
        <p>{whatText(purchase, catalog)}</p>
        <p className="hr-purchase-when">
          <time dateTime={at} title={instant(at)}>
            {day(at)}
          </time>
          <Receipt purchase={purchase} />
        </p>
      </div>
      <div className="hr-purchase-state">
        <span className="hr-chip" data-tone={tone}>
          {text}
        </span>
        {hint !== null && <p>{hint}</p>}
        {state === 'pending' && checkoutUrl !== null && (
          <a className="hr-link" href={checkoutUrl}>
            Continue checkout
          </a>
        )}
      </div>
      <p className="hr-purchase-amount">{exactMoney(total, currency)}</p>
    </li>
  )
}

/** Its number, with a link where there is a page for it. What has none is found by the purchase's id. */
function Receipt({ purchase: { receipt, id, state } }: { purchase: PurchaseWire }) {
  if (receipt === null) return state === 'parked' ? <span> · Purchase {id}</span> : null
  const text = `Receipt ${receipt.number}`
  return (
    <>
      {' · '}
      {receipt.url === null ? (
        <span>{text}</span>
      ) : (
        <a className="hr-link" href={receipt.url} target="_blank" rel="noreferrer" title="Opens in a new tab">
          {text}
          <NewTabIcon />
        </a>
      )}
    </>
  )
}

function Trouble({ title, onRetry }: { title: string; onRetry: () => void }) {
  return (
    <div className="hr-notice" data-kind="danger" role="alert">
      <p className="hr-notice-title">{title}</p>
      <button type="button" className="hr-button" onClick={onRetry}>
        Retry
      </button>
    </div>
  )
}

function Loading() {
  return (
    <div className="hr-purchases-frame" role="status">
      <span className="hr-hidden">Loading purchases</span>
      <ul className="hr-purchases" aria-hidden="true">
        {['one', 'two', 'three'].map((key) => (
          <li key={key} className="hr-purchase-row">
            <div className="hr-purchase-what">
              <p>
                <span className="hr-blank" style={{ inlineSize: '22ch' }}>
                  &nbsp;
                </span>
              </p>
              <p className="hr-purchase-when">&nbsp;</p>
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}
