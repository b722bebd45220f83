import { useEffect } from 'react'
import type { UsageState } from './usage-feed.ts'

/** A price that could not be read is asked for again now and then, and when the person comes back to the page (acceptance 108). */
const everyMs = 60_000

export function useFreshPrice({ usage, retry }: UsageState & { retry: () => void }): void {
  const isPredicted = usage?.price?.source === 'predicted' && usage.plan.subscribed

  useEffect(() => {
    if (!isPredicted) return
    const timer = setInterval(retry, everyMs)
    window.addEventListener('focus', retry)
    return () => {
      clearInterval(timer)
      window.removeEventListener('focus', retry)
    }
  }, [isPredicted, retry])
}
