import { useCallback, useEffect, useRef, useState } from 'react'
import type { Page, PurchaseWire } from '@headroom/sdk'
import { useHeadroom, useUsage } from './HeadroomProvider.tsx'
import { isConfirming } from './purchase-words.ts'

export interface PurchasesState {
  status: 'loading' | 'error' | 'ready'
  /** Newest first, as far as they were asked for; null until there are some. */
  purchases: PurchaseWire[] | null
  /** Where older ones go on; null when there are none. */
  cursor: string | null
  /** Older ones are being asked for. */
  busy: boolean
  /** The older ones asked for did not come. */
  moreFailed: boolean
}

const firstState: PurchasesState = { status: 'loading', purchases: null, cursor: null, busy: false, moreFailed: false }
const pageSize = 20
const mostAtOnce = 100
/** While a payment is being confirmed: nothing else tells the page that it failed. */
const confirmingMs = 5_000

/**
 * What the workspace has bought. Asked for again when limits, plan or status change in the live usage, when the person comes back to the
 * page, and every few seconds while a payment is being confirmed; the last list stays meanwhile, and when that fails.
 */
export function usePurchases(): PurchasesState & { retry: () => void; more: () => void } {
  const { client, workspace } = useHeadroom()
  const { usage } = useUsage()
  const [state, setState] = useState<PurchasesState>(firstState)
  const [asks, setAsks] = useState(0)
  const order = useRef({ asked: 0, shown: 0 })
  const count = useRef(0)
  const version = usage && JSON.stringify([usage.plan, usage.meters.map(({ limit }) => limit)])

  useEffect(() => {
    count.current = state.purchases?.length ?? 0
  }, [state.purchases])

  useEffect(() => {
    const mine = (order.current.asked += 1)
    const limit = Math.min(mostAtOnce, Math.max(pageSize, count.current))
    const show = (change: (last: PurchasesState) => PurchasesState) => {
      if (mine < order.current.shown) return
      order.current.shown = mine
      setState(change)
    }
    client.purchases.list(workspace, { limit }).then(
      (page) => show((last) => withNewest(last, page)),
      () => show((last) => (last.purchases === null ? { ...last, status: 'error' } : last)),
    )
  }, [client, workspace, version, asks])

  const retry = useCallback(() => setAsks((times) => times + 1), [])

  useEffect(() => {
    window.addEventListener('focus', retry)
    return () => window.removeEventListener('focus', retry)
  }, [retry])

  const confirming = state.purchases?.some(isConfirming) === true
  useEffect(() => {
    if (!confirming) return
    const timer = setInterval(retry, confirmingMs)
    return () => clearInterval(timer)
  }, [confirming, retry])

  const more = () => {
    const { cursor, busy } = state
    if (cursor === null || busy) return
    setState((last) => ({ ...last, busy: true, moreFailed: false }))
    client.purchases.list(workspace, { limit: pageSize, cursor }).then(
      (page) => setState((last) => withOlder(last, page)),
      () => setState((last) => ({ ...last, busy: false, moreFailed: true })),
    )
  }

  return { ...state, retry, more }
}

/** The newest as they are now, then those known that are older than all of them. */
function withNewest(last: PurchasesState, { data, nextCursor }: Page<PurchaseWire>): PurchasesState {
  const known = last.purchases ?? []
  const end = known.findIndex(({ id }) => id === data.at(-1)?.id)
  const older = end === -1 ? [] : known.slice(end + 1)
  const cursor = older.length === 0 ? nextCursor : last.cursor
  return { ...last, status: 'ready', purchases: [...data, ...older], cursor }
}

function withOlder(last: PurchasesState, { data, nextCursor }: Page<PurchaseWire>): PurchasesState {
  const known = last.purchases ?? []
  const fresh = data.filter(({ id }) => !known.some((other) => other.id === id))
  return { ...last, purchases: [...known, ...fresh], cursor: nextCursor, busy: false }
}
