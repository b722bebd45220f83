import type { MeterUsageWire, ReservationWire } from '@headroom/sdk'
import { emptyUsage } from './empty-usage.ts'
import { useUsageIfAny } from './HeadroomProvider.tsx'
import { instant, timeOfDay } from './instants.ts'
import { counted } from './numbers.ts'
import { useReservations } from './use-reservations.ts'

/** The work in progress that holds some of the balances, kept current. Stands within a HeadroomProvider. */
export function ReservationList() {
  const { status, reservations, retry } = useReservations()
  const meters = useUsageIfAny()?.meters ?? emptyUsage.meters
  if (status === 'error') {
    return (
      <div className="hr-notice" data-kind="danger" role="alert">
        <p className="hr-notice-title">Work in progress could not be loaded</p>
        <button type="button" className="hr-button" onClick={retry}>
          Retry
        </button>
      </div>
    )
  }
  if (reservations === null) {
    return (
      <p className="hr-reservations-empty" role="status" aria-busy="true">
        Loading work in progress
      </p>
    )
  }
  return <ReservationListView reservations={reservations} meters={meters} />
}

/** The same list from reservations you hand in. */
export function ReservationListView({
  reservations,
  meters,
}: {
  reservations: readonly ReservationWire[]
  meters: readonly MeterUsageWire[]
}) {
  if (reservations.length === 0) {
    return (
      <p className="hr-reservations-empty">Nothing is reserved. Imports and AI builds stand here while they run.</p>
    )
  }
  return (
    <ul className="hr-reservations">
      {reservations.map(({ id, reference, lines, expiresAt }) => (
        <li key={id} className="hr-reservation">
          <span className="hr-reservation-name">{reference ?? id}</span>
          <span className="hr-reservation-lines">{lines.map((line) => lineText(line, meters)).join(', ')}</span>
          <span className="hr-reservation-until" title={instant(expiresAt)}>
            held until {timeOfDay(expiresAt)}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** What the reservation still holds: its parts have already moved the rest to used. */
function lineText(
  { meter, reserved, used }: ReservationWire['lines'][number],
  meters: readonly MeterUsageWire[],
): string {
  const words = meters.find((known) => known.meter === meter)
  const unit = words ? { one: words.unit, many: words.units } : { one: meter, many: meter }
  return `${counted(Math.max(0, reserved - used), unit)} reserved`
}
