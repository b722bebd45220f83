import { NewTabIcon } from './icons.tsx'
import { usePortal, type PortalOptions } from './use-portal.ts'

/** "Manage Plan": the customer portal in a new tab. It needs no usage, so it works in every state of the page. */
export function ManagePlanButton(options: PortalOptions) {
  const { opening, open } = usePortal(options)
  return (
    <button
      type="button"
      className="hr-button"
      title="Opens in a new tab"
      aria-disabled={opening}
      aria-busy={opening}
      onClick={() => void open()}
    >
      Manage Plan
      <NewTabIcon />
    </button>
  )
}
