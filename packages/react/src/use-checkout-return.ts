import { useCallback, useEffect, useState } from 'react'
import { Forbidden, InvalidRequest, NotFound, type PurchaseWire } from '@headroom/sdk'
import { useHeadroom } from './HeadroomProvider.tsx'
import { isConfirming } from './purchase-words.ts'

/** What is known of the checkout somebody came back from. */
export type CheckoutReturn =
  /** It is being asked, for the first time. */
  | { status: 'asking' }
  /** Stripe or Headroom did not answer; it is asked again by itself. */
  | { status: 'unreachable'; error: unknown }
  /** There is no such checkout of this workspace. */
  | { status: 'unknown' }
  | { status: 'known'; purchase: PurchaseWire }

/** After this long a payment is no news: its return link was kept, and is opened again (decisions §10). */
const newsMs = 86_400_000

const firstWaitMs = 2_000
const longestWaitMs = 15_000

/**
 * Asks Stripe about a checkout, by its session or the purchase's id, and books what follows, so that what was paid shows without waiting
 * for a webhook. Asks again until there is an answer. A repeat changes nothing.
 */
export function useCheckoutReturn(session: string | null): CheckoutReturn & { retry: () => void } {
  const { client, workspace } = useHeadroom()
  const [state, setState] = useState<CheckoutReturn>({ status: 'asking' })
  const [tries, setTries] = useState(0)

  useEffect(() => {
    if (session === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const control = new AbortController()
    const { signal } = control
    client.purchases.reconcile(workspace, session, { signal, maxRetries: 0 }).then(
      (purchase) => {
        if (!signal.aborted) setState({ status: 'known', purchase })
      },
      (error: unknown) => {
        if (signal.aborted) return
        if (isFinal(error)) return setState({ status: 'unknown' })
        setState({ status: 'unreachable', error })
        timer = setTimeout(() => setTries(tries + 1), Math.min(longestWaitMs, firstWaitMs * 2 ** tries))
      },
    )
    return () => {
      clearTimeout(timer)
      control.abort()
    }
  }, [client, workspace, session, tries])

  const retry = useCallback(() => setTries((times) => times + 1), [])
  return session === null ? { status: 'unknown', retry } : { ...state, retry }
}

const isFinal = (error: unknown) =>
  error instanceof NotFound || error instanceof InvalidRequest || error instanceof Forbidden

/** What it means for the person: the money arrived, is on its way, was never sent, or is being looked at. */
export function outcomeOf(purchase: PurchaseWire): 'received' | 'confirming' | 'open' | 'ended' | 'parked' {
  const { state } = purchase
  if (state === 'pending') return isConfirming(purchase) ? 'confirming' : 'open'
  if (state === 'paid') return 'received'
  return state === 'parked' ? 'parked' : 'ended'
}

/** Paid at most 24 hours before `asOf`, an instant of Headroom's clock such as a usage's. A browser's clock may be off by years. */
export const isNewlyPaid = ({ paidAt }: Pick<PurchaseWire, 'paidAt'>, asOf: string): boolean =>
  paidAt !== null && Date.parse(asOf) - Date.parse(paidAt) <= newsMs
