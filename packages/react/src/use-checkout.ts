import { useCallback, useEffect, useRef, useState } from 'react'
import type { CheckoutWire, NewCheckout } from '@headroom/sdk'
import { askSoon } from './ask-soon.ts'
import { useHeadroom } from './HeadroomProvider.tsx'

export interface CheckoutOptions {
  /** It could not be started; nothing was bought. Say it where the host says such things. */
  onFailure?: (error: unknown) => void
  /** Where to go with the checkout's address; the browser goes there unless you say otherwise. */
  go?: (url: string) => void
}

export interface Checkout {
  /** A checkout is being opened, or has been and the browser is on its way there. */
  starting: boolean
  /**
   * Opens a checkout for what is asked and goes there. While one is starting it does nothing. With `shownCents`, the total the person
   * has seen: where the server asks for another one it does not go there and resolves with the checkout instead.
   */
  start: (request: NewCheckout, shownCents?: number) => Promise<CheckoutWire | null>
  /** Ends what is starting; nothing is bought by it. */
  stop: () => void
}

/** One way to Stripe's checkout that cannot be taken twice at the same time. Every start has an idempotency key of its own. */
export function useCheckout({ onFailure, go = leaveFor }: CheckoutOptions = {}): Checkout {
  const { client, workspace } = useHeadroom()
  const [starting, setStarting] = useState(false)
  const running = useRef<AbortController | null>(null)

  const end = useCallback((control: AbortController) => {
    if (running.current !== control) return
    running.current = null
    setStarting(false)
  }, [])

  const stop = useCallback(() => {
    running.current?.abort()
    if (running.current !== null) end(running.current)
  }, [end])

  const start = async (request: NewCheckout, shownCents?: number) => {
    if (running.current !== null) return null
    const control = new AbortController()
    running.current = control
    setStarting(true)
    try {
      const idempotencyKey = crypto.randomUUID()
      const checkout = await askSoon(
        (options) => client.purchases.checkout(workspace, request, { ...options, idempotencyKey }),
        control.signal,
      )
      if (control.signal.aborted) return null
      if (shownCents === undefined || shownCents === checkout.total) {
        go(checkout.url)
        return null
      }
      end(control)
      return checkout
    } catch (error) {
      if (control.signal.aborted) return null
      end(control)
      onFailure?.(error)
      return null
    }
  }

  useEffect(() => {
    // Back from the checkout to a page the browser had kept: the way there can be taken again.
    const shown = ({ persisted }: PageTransitionEvent) => void (persisted && stop())
    window.addEventListener('pageshow', shown)
    return () => {
      window.removeEventListener('pageshow', shown)
      stop()
    }
  }, [stop])

  return { starting, start, stop }
}

const leaveFor = (url: string) => window.location.assign(url)
