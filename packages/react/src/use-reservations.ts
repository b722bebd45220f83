import { useCallback, useEffect, useRef, useState } from 'react'
import type { ReservationWire } from '@headroom/sdk'
import { useHeadroom, useUsage } from './HeadroomProvider.tsx'

export interface ReservationsState {
  status: 'loading' | 'error' | 'ready'
  /** The last list known; null until there is one. */
  reservations: ReservationWire[] | null
}

/**
 * The newest held reservations, at most 100. Asked for again whenever the usage shows that another quantity is reserved; the last
 * list stays meanwhile, and also when such a later ask fails.
 */
export function useReservations(): ReservationsState & { retry: () => void } {
  const { client, workspace } = useHeadroom()
  const { usage } = useUsage()
  const [state, setState] = useState<ReservationsState>({ status: 'loading', reservations: null })
  const [retries, setRetries] = useState(0)
  const order = useRef({ asked: 0, shown: 0 })
  const reserved = usage?.meters.map((meter) => meter.reserved).join()

  useEffect(() => {
    // Not aborted by the next ask: while work goes on quickly, each would end the one before and none would be shown.
    const mine = (order.current.asked += 1)
    const show = (next: (last: ReservationsState) => ReservationsState) => {
      if (mine < order.current.shown) return
      order.current.shown = mine
      setState(next)
    }
    client.reservations(workspace, { state: 'held', limit: 100 }).then(
      ({ data }) => show(() => ({ status: 'ready', reservations: data })),
      () => show((last) => (last.reservations === null ? { status: 'error', reservations: null } : last)),
    )
  }, [client, workspace, reserved, retries])

  const retry = useCallback(() => setRetries((times) => times + 1), [])
  return { ...state, retry }
}
