import { useState } from 'react'
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { toast } from 'sonner'
import { queryClient } from '../queries.ts'
import { buildsApi, type BuildSummary } from './api.ts'

/** Asks once, then removes the draft for good. */
export function DiscardDraft({
  build,
  describedBy,
  onDiscarded,
}: {
  build: Pick<BuildSummary, 'id' | 'name'>
  /** Where the draft is named, in a list of several. */
  describedBy?: string
  onDiscarded: () => void
}) {
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)

  const discard = async () => {
    setBusy(true)
    try {
      await buildsApi.discard(build.id)
      setOpen(false)
      toast.success(`“${build.name}” was discarded.`)
      void queryClient.invalidateQueries({ queryKey: ['builds'] })
      onDiscarded()
    } catch (error) {
      toast.error(`The draft was not discarded. ${(error as Error).message}`)
    } finally {
      setBusy(false)
    }
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger className="button" aria-describedby={describedBy}>
        Discard
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">Discard this draft?</AlertDialog.Title>
          <AlertDialog.Description className="breakable">
            “{build.name}” and everything Ken has prepared for it will be gone. No AI credit is used.
          </AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Close className="button">Keep the draft</AlertDialog.Close>
            <button type="button" className="button is-danger" disabled={busy} onClick={() => void discard()}>
              Discard draft
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
