import { LimitNotice } from '@headroom/react'
import type { VerdictWire } from '@headroom/sdk'
import { useRouter } from '@tanstack/react-router'

/** The inline block, "0 AI credits left - Upgrade plan", with a link that stays within the app. `id` is for the button it disables. */
export function BlockedNotice({ id, verdict }: { id?: string; verdict: VerdictWire }) {
  const router = useRouter()
  return (
    <div id={id}>
      <LimitNotice verdict={verdict} onNavigate={(href) => void router.navigate({ href })} />
    </div>
  )
}
