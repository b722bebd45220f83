import { useRef, useState } from 'react'
import type { EntryWire, ExplainWire, MeterUsageWire } from '@headroom/sdk'
import { Dialog } from './Dialog.tsx'
import { instant } from './instants.ts'
import { afterText, entryText } from './ledger-words.ts'
import { countText } from './meter-words.ts'
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
          {explanation.status === 'ready' && <Sentences {...{ ...explanation.value, entries, onAsk }} />}
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

/** What adds up comes first; the last sentence is what is left of it. */
function Sentences({ sentences, ...behind }: ExplainWire & Behind) {
  const conclusion = sentences.at(-1)
  const reasons = sentences.slice(0, -1)
  return (
    <>
      {reasons.length === 0 && (
        <p className="hr-why-empty">Nothing was allowed, added, used or reserved in this period yet.</p>
      )}
      <ul className="hr-why-list">
        {reasons.map(({ text, entries: ids }) => (
          <li key={text} className="hr-why-reason">
            <p>{text}</p>
            {ids.length > 0 && <EntriesBehind {...{ ids, ...behind }} />}
          </li>
        ))}
      </ul>
      {conclusion && <p className="hr-why-left">{conclusion.text}</p>}
    </>
  )
}

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
          <th scope="col">Then</th>
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
      <ul className="hr-why-list" aria-hidden="true">
        {['52ch', '44ch', '48ch'].map((width) => (
          <li key={width} className="hr-why-reason">
            <span className="hr-blank" style={{ inlineSize: width }}>
              &nbsp;
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
