import { useRef, useState } from 'react'
import type { PortalRequest } from '@headroom/sdk'
import { askSoon } from './ask-soon.ts'
import { useHeadroom } from './HeadroomProvider.tsx'

export interface PortalOptions {
  /** It could not be opened; nothing was changed. */
  onFailure?: (error: unknown) => void
}

/**
 * Opens the customer portal in a new tab; with a plan, at the page that confirms the change to it. The tab is opened at once, because
 * browsers block one that comes later than the click; where even that is blocked the portal opens in this tab. When the person comes
 * back, the usage is loaded anew.
 */
export function usePortal({ onFailure }: PortalOptions = {}) {
  const { client, workspace, feed } = useHeadroom()
  const [opening, setOpening] = useState(false)
  const busy = useRef(false)

  const open = async (request: PortalRequest = {}): Promise<void> => {
    if (busy.current) return
    busy.current = true
    setOpening(true)
    const tab = emptyTab()
    try {
      const { url } = await askSoon((options) => client.purchases.portal(workspace, request, options))
      if (tab === null) return window.location.assign(url)
      tab.location.replace(url)
      window.addEventListener('focus', feed.retry, { once: true })
    } catch (error) {
      tab?.close()
      onFailure?.(error)
    } finally {
      busy.current = false
      setOpening(false)
    }
  }

  return { opening, open }
}

/** Says what it waits for, and cannot reach back to the page that opened it. */
function emptyTab(): Window | null {
  const tab = window.open('', '_blank')
  if (tab === null) return null
  tab.opener = null
  tab.document.title = 'Billing portal'
  tab.document.body.textContent = 'Opening the billing portal…'
  return tab
}
