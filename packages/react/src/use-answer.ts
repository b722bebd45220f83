import { useCallback, useEffect, useRef, useState } from 'react'
import type { CallOptions } from '@headroom/sdk'

/** What a part knows of something it has asked for. The last answer stays while it is asked again, and when that fails. */
export type Answer<Value> =
  | { status: 'loading'; value: null }
  | { status: 'error'; value: null; error: unknown }
  | { status: 'ready'; value: Value }

type Ask<Value> = (options: CallOptions) => Promise<Value>

/** Who waits for longer is told so, instead of waiting through all tries of the client. */
const patience: CallOptions = { timeoutMs: 8_000, maxRetries: 1 }

/**
 * Asks, and asks again when `version` has changed: at once after a quiet time, else not more often than every `everyMs`, so that work
 * that moves a figure many times a second does not ask as often. `ask` keeps its identity as long as it is the same question; null
 * asks nothing.
 */
export function useAnswer<Value>(ask: Ask<Value> | null, version: unknown, everyMs = 5_000) {
  const [known, setKnown] = useState<{ ask: Ask<Value> | null; answer: Answer<Value> }>({ ask, answer: loading })
  const [retries, setRetries] = useState(0)
  const lastMs = useRef(-Infinity)
  const order = useRef({ asked: 0, shown: 0 })

  useEffect(() => {
    if (ask === null) return
    const askNow = () => {
      lastMs.current = Date.now()
      // Not aborted by the next ask: an answer that comes late is still newer than none.
      const mine = (order.current.asked += 1)
      const show = (next: (last: Answer<Value>) => Answer<Value>) => {
        if (mine < order.current.shown) return
        order.current.shown = mine
        setKnown((last) => ({ ask, answer: next(last.ask === ask ? last.answer : loading) }))
      }
      ask(patience).then(
        (value) => show(() => ({ status: 'ready', value })),
        (error: unknown) => show((last) => (last.status === 'ready' ? last : { status: 'error', value: null, error })),
      )
    }
    const waitMs = lastMs.current + everyMs - Date.now()
    if (waitMs <= 0) return askNow()
    const timer = setTimeout(askNow, waitMs)
    return () => clearTimeout(timer)
  }, [ask, version, everyMs, retries])

  const retry = useCallback(() => {
    lastMs.current = -Infinity
    setRetries((times) => times + 1)
  }, [])

  const answer: Answer<Value> = known.ask === ask ? known.answer : loading
  return { ...answer, retry }
}

const loading = { status: 'loading', value: null } as const
