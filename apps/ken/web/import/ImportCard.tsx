import { useEffect, useRef, useState } from 'react'
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { toast } from 'sonner'
import { api, type Import, type ImportState } from '../api.ts'
import { count, counted, percent } from '../numbers.ts'
import { Badge, type Tone } from '../parts/Badge.tsx'
import { Moment } from '../parts/Moment.tsx'
import { active, importKey, queryClient } from '../queries.ts'
import { useLiveImport } from './use-live-import.ts'

const states: Record<ImportState, { word: string; tone: Tone }> = {
  queued: { word: 'Waiting to start', tone: 'neutral' },
  running: { word: 'Importing', tone: 'accent' },
  completed: { word: 'Finished', tone: 'good' },
  failed: { word: 'Failed', tone: 'danger' },
  cancelled: { word: 'Cancelled', tone: 'neutral' },
}

/** One import: while it runs its progress and the way to stop it, afterwards what counted, what did not and why. */
export function ImportCard({ first, mayCancel, focused }: { first: Import; mayCancel: boolean; focused: boolean }) {
  const { current, stale } = useLiveImport(first)
  const heading = useRef<HTMLHeadingElement>(null)
  const cancelled = useRef(false)
  const { fileName } = current
  const running = active(current.state)
  const done = percent(current.rowsRead, current.rowsTotal)

  useEffect(() => {
    if (focused) heading.current?.focus()
  }, [focused])

  useEffect(() => {
    // The button that had the focus is gone with the running import; the frame lets the dialog put back what it would.
    if (!running && cancelled.current) requestAnimationFrame(() => heading.current?.focus())
  }, [running])

  return (
    <article className="card stack import" aria-labelledby={`import-${current.id}`}>
      <div className="card-top">
        <h3 id={`import-${current.id}`} ref={heading} tabIndex={-1} className="card-title breakable">
          Import of {fileName}
        </h3>
        <Badge tone={states[current.state].tone}>{states[current.state].word}</Badge>
        {running && mayCancel && (
          <CancelImport current={current} onAsked={(isAsked) => (cancelled.current = isAsked)} />
        )}
        {current.finishedAt !== null && (
          <span className="quiet">
            <Moment at={current.finishedAt} />
          </span>
        )}
      </div>

      {running && (
        <div
          className="progress"
          role="progressbar"
          aria-labelledby={`import-${current.id}`}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={done}
          aria-valuetext={`${count(current.rowsRead)} of ${counted(current.rowsTotal, 'row')} read`}
        >
          <div className="progress-bar" style={{ inlineSize: `${done}%` }} />
        </div>
      )}

      <dl className="tally">
        <Tally label="Rows read" value={`${count(current.rowsRead)} of ${count(current.rowsTotal)}`} />
        <Tally label="Imported" value={count(current.imported)} />
        <Tally label="Qualified" value={count(current.qualified)} />
        <Tally label="Verified" value={count(current.verified)} />
        <Tally label="Counted as leads" value={count(current.counted)} />
      </dl>

      {current.notCounted.length > 0 && <NotCounted current={current} />}
      {current.notice !== null && <p className="notice is-warn">{current.notice.text}</p>}
      {stale && (
        <p className="notice is-warn">
          The progress cannot be read right now. The import goes on as soon as the server answers again.
        </p>
      )}
      <p className="quiet">{settlement(current)}</p>
      <Announcement current={current} done={done} />
    </article>
  )
}

function Tally({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** Why a row was passed over unread: the import had ended before it came to it. */
const unread = new Set(['limit_reached', 'cancelled', 'failed', 'hold_ended'])

/** As many as the list of contacts below has; the rows nobody looked at have an entry of their own. */
function NotCounted({ current: { notCounted } }: { current: Import }) {
  const sum = (rows: Import['notCounted']) => rows.reduce((total, item) => total + item.count, 0)
  const read = sum(notCounted.filter(({ reason }) => !unread.has(reason)))
  return (
    <details className="details">
      <summary>
        {read > 0 ? `${count(read)} not counted, and why` : `${count(sum(notCounted))} not processed, and why`}
      </summary>
      <ul className="reasons">
        {notCounted.map((item) => (
          <li key={item.reason}>
            <span>{item.label}</span>
            <span className="figure">{count(item.count)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** What happened to the leads that were set aside. */
function settlement({ state, reserved, counted: used, returned }: Import): string {
  if (active(state)) {
    return reserved === 0
      ? 'Leads are set aside when the import starts.'
      : `${counted(reserved, 'lead')} reserved for this import; what does not count returns when it ends.`
  }
  if (reserved === 0) return `${counted(used, 'lead')} counted.`
  return `${count(used)} of the ${counted(reserved, 'reserved lead')} counted, ${count(returned)} returned.`
}

/** Heard, not seen: a sentence at each quarter and at the end, not at every row. */
function Announcement({ current, done }: { current: Import; done: number }) {
  const { fileName } = current
  const quarter = Math.floor(done / 25) * 25
  const words = active(current.state)
    ? `Import of ${fileName}: ${quarter} % done`
    : `Import of ${fileName}: ${states[current.state].word}, ${counted(current.counted, 'lead')} counted`
  // What had ended before the page was opened is read in place, it is no news.
  const [wasRunning] = useState(() => active(current.state))
  return (
    <p className="visually-hidden" role="status">
      {wasRunning ? words : ''}
    </p>
  )
}

/** `onAsked` hears that the import is asked to end, or that this failed: the answer may come after the button has gone. */
function CancelImport({ current, onAsked }: { current: Import; onAsked: (isAsked: boolean) => void }) {
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)

  const cancel = async () => {
    setBusy(true)
    onAsked(true)
    try {
      await api.cancelImport(current.id)
      await queryClient.invalidateQueries({ queryKey: importKey(current.id) })
      setOpen(false)
    } catch (error) {
      onAsked(false)
      toast.error(`The import was not cancelled. ${(error as Error).message}`)
    } finally {
      setBusy(false)
    }
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger className="button is-small">Cancel import</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">Cancel this import?</AlertDialog.Title>
          <AlertDialog.Description>
            Leads that counted so far stay with the campaign. What is still reserved goes back to the workspace at once.
          </AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Close className="button">Keep importing</AlertDialog.Close>
            <button type="button" className="button is-danger" disabled={busy} onClick={() => void cancel()}>
              Cancel import
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
