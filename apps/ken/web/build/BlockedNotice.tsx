import type { MouseEvent } from 'react'
import { LimitNotice } from '@headroom/react'
import type { VerdictWire } from '@headroom/sdk'
import { useRouter } from '@tanstack/react-router'

/** The inline block, "0 AI credits left - Upgrade plan", with a link that stays within the app. `id` is for the button it disables. */
export function BlockedNotice({ id, verdict }: { id?: string; verdict: VerdictWire }) {
  const router = useRouter()
  const followInside = (event: MouseEvent<HTMLElement>) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const href = link?.getAttribute('href')
    if (!href?.startsWith('/') || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    void router.navigate({ href })
  }
  return (
    <div id={id} onClick={followInside}>
      <LimitNotice verdict={verdict} />
    </div>
  )
}
