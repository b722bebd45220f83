import { timeOfDay } from './instants.ts'

/**
 * Stands above the card while usage cannot be loaded: with nothing known, that the figures below are empty and not yours; with old
 * ones, of when they are. It goes away by itself as soon as a load or an event succeeds.
 */
export function UsageTrouble({
  asOf,
  error,
  busy,
  onRetry,
}: {
  asOf: string | null
  error: unknown
  busy: boolean
  onRetry: () => void
}) {
  const requestId = error instanceof Error && 'requestId' in error ? error.requestId : null
  return (
    <div className="hr-notice" data-kind={asOf === null ? 'danger' : 'warn'} role={asOf === null ? 'alert' : 'status'}>
      <div>
        <p className="hr-notice-title">
          {asOf === null ? 'Usage could not be loaded' : `Usage as of ${timeOfDay(asOf)}, reconnecting`}
        </p>
        <p>
          {asOf === null
            ? 'The plan and meters below are empty, not yours. We keep trying; nothing was changed.'
            : 'Newer figures could not be loaded. We keep trying.'}
          {typeof requestId === 'string' && ` Request ${requestId}.`}
        </p>
      </div>
      {/* Not disabled while busy: a button that goes away takes the focus of who has just pressed it. */}
      <button type="button" className="hr-button" aria-disabled={busy} onClick={onRetry}>
        Retry
      </button>
    </div>
  )
}
