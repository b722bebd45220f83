import { useRef, useState } from 'react'
import type { EntryWire, ExplainWire, MeterUsageWire } from '@headroom/sdk'
import { Dialog } from './Dialog.tsx'
import { instant } from './instants.ts'
import { afterText, entryText } from './ledger-words.ts'
import { countText } from './meter-words.ts'
import { number } from './numbers.ts'
import { PageLink } from './PageLink.tsx'
import type { Answer } from './use-answer.ts'
import { useEntries, useExplanation } from './use-explanation.ts'

export interface MeterExplanationProps {
  /** As the plan card hands it to its `onExplain`. */
  meter: MeterUsageWire
  /** Where the whole ledger of this meter can be read. */
  ledgerHref?: string
  onNavigate?: ((href: string) => void) | undefined
  onClose: () => void
}

/** Why a meter shows what it shows, kept current while it is open. Stands within a HeadroomProvider; needs an Admin's token. */
export function MeterExplanation({ meter, ...rest }: MeterExplanationProps) {
  const { retry, ...explanation } = useExplanation(meter.meter)
  const [isAsked, setIsAsked] = useState(false)
  const start = explanation.value?.balance.period.start ?? null
  const entries = useEntries(meter.meter, isAsked ? start : null)
  return (
    <MeterExplanationView
      {...{ meter, explanation, entries, ...rest }}
      onRetry={retry}
      onAsk={() => setIsAsked(true)}
    />
  )
}

export interface MeterExplanationViewProps extends MeterExplanationProps {
  explanation: Answer<ExplainWire>
  onRetry: () => void
  /** The entries behind the sentences, newest first, as far as they are known. */
  entries: Answer<EntryWire[]> & { retry: () => void }
  /** The entries behind a sentence are to be shown, for the first time. */
  onAsk: () => void
}

/** The same dialog from what you hand in. */
export function MeterExplanationView({
  meter,
  explanation,
  onRetry,
  onAsk,
  entries,
  ...rest
}: MeterExplanationViewProps) {
  const { ledgerHref, onNavigate, onClose } = rest
  const close = useRef<HTMLButtonElement>(null)
  return (
    <Dialog title="Why this number?" first={close} isWide onClose={onClose}>
      <div className="hr-why">
        <p className="hr-why-count">
          <span>{meter.label}</span> <strong>{countText(meter, meter.counted)}</strong>
        </p>
        <div className="hr-why-body" aria-busy={explanation.status === 'loading'}>
          {explanation.status === 'loading' && <Loading />}
          {explanation.status === 'error' && (
            <div className="hr-notice" data-kind="danger" role="alert">
              <div>
                <p className="hr-notice-title">The explanation could not be loaded</p>
                <p>The figure above is current; only its reasons are missing.</p>
              </div>
              <button type="button" className="hr-button" onClick={onRetry}>
                Retry
              </button>
            </div>
          )}
          {explanation.status === 'ready' && <Sum {...{ ...explanation.value, entries, onAsk }} />}
        </div>
        <div className="hr-dialog-actions">
          {ledgerHref !== undefined && (
            <PageLink className="hr-link hr-why-ledger" href={ledgerHref} onNavigate={onNavigate}>
              Open the ledger
            </PageLink>
          )}
          <button ref={close} type="button" className="hr-button" onClick={onClose}>
            Close
          </button>
        </div>
      </div>
    </Dialog>
  )
}

type Behind = Pick<MeterExplanationViewProps, 'entries' | 'onAsk'>

/** The sum behind the figure: each part with its reasons, then what is left of it. */
function Sum({ sentences, balance, ...behind }: ExplainWire & Behind) {
  return (
    <>
      {parts.map(({ figure, label, none }) => {
        const reasons = sentences.filter((sentence) => sentence.figure === figure)
        const total = balance[figure]
        return (
          <section key={figure} className="hr-why-part">
            <h3 className="hr-why-figure">
              <span>{label}</span> <span>{total === null ? 'unlimited' : number(total)}</span>
            </h3>
            {reasons.length === 0 && <p className="hr-why-none">{none}</p>}
            <ul className="hr-why-list">
              {reasons.map(({ text, entries: ids }) => (
                <li key={`${ids[0]} ${text}`} className="hr-why-reason">
                  <p>{text}</p>
                  {ids.length > 0 && <EntriesBehind {...{ ids, ...behind }} />}
                </li>
              ))}
            </ul>
          </section>
        )
      })}
      {sentences
        .filter(({ figure }) => figure === 'available')
        .map(({ text }) => (
          <p key={text} className="hr-why-left">
            {text}
          </p>
        ))}
    </>
  )
}

const parts = [
  { figure: 'limit', label: 'Limit', none: 'Nothing was allowed in this period.' },
  { figure: 'used', label: 'Used', none: 'Nothing was used in this period yet.' },
  { figure: 'reserved', label: 'Reserved', none: 'No work in progress holds any.' },
] as const

/** The ledger's own lines, looked up when they are wanted. */
function EntriesBehind({ ids, entries, onAsk }: { ids: readonly string[] } & Behind) {
  const found = entries.value?.filter(({ id }) => ids.includes(id)) ?? []
  const missing = ids.length - found.length
  const count = ids.length === 1 ? '1 ledger entry' : `${ids.length} ledger entries`
  const onToggle = (isOpen: boolean) => isOpen && onAsk()
  return (
    <details className="hr-why-entries" onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary>{count}</summary>
      {entries.status === 'loading' && <p role="status">Loading ledger entries</p>}
      {entries.status === 'error' && (
        <p role="alert">
          The ledger could not be loaded.{' '}
          <button type="button" className="hr-link" onClick={entries.retry}>
            Retry
          </button>
        </p>
      )}
      {found.length > 0 && <Entries entries={found} />}
      {entries.status === 'ready' && missing > 0 && <p>{olderText(missing)}</p>}
    </details>
  )
}

const olderText = (count: number) =>
  `${count === 1 ? 'An older one stands' : `${count} older ones stand`} in the ledger.`

function Entries({ entries }: { entries: readonly EntryWire[] }) {
  return (
    <table className="hr-table">
      <caption className="hr-hidden">Ledger entries, newest first</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">Balance then</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id}>
            <td>{instant(entry.at)}</td>
            <td>{entryText(entry)}</td>
            <td>{afterText(entry.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Loading() {
  return (
    <>
      <p className="hr-hidden" role="status">
        Loading the explanation
      </p>
      <div aria-hidden="true">
        {parts.map(({ figure, label }) => (
          <div key={figure} className="hr-why-part">
            <p className="hr-why-figure">{label}</p>
            <p className="hr-why-none">
              <span className="hr-blank" style={{ inlineSize: '44ch' }}>
                &nbsp;
              </span>
            </p>
          </div>
        ))}
      </div>
    </>
  )
}
