import { useState } from 'react'
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { toast } from 'sonner'
import { buildsApi, type Build, type BuildStepName } from './api.ts'
import { keepBuild } from './queries.ts'
import { buildSteps, indexOf, stands, stepOf } from './steps.ts'
import type { Edits } from './use-edits.ts'

/** Has the builder do a step again. It asks first: what stands there, and what was made from it, is dropped. */
export function RedoStep({ build, step, edits }: { build: Build; step: BuildStepName; edits: Edits }) {
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const later = buildSteps.slice(indexOf(step) + 1).filter(({ name }) => stands(build, name))

  const redo = async () => {
    setBusy(true)
    try {
      // What was typed elsewhere is not lost by it; what was typed here is dropped anyway.
      await edits.flush().catch(() => undefined)
      keepBuild(await buildsApi.redo(build.id, step))
      setOpen(false)
    } catch (error) {
      toast.error(`The step was not done again. ${(error as Error).message}`)
    } finally {
      setBusy(false)
    }
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger className="button">Do this step again</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">Do {stepOf(step).label} again?</AlertDialog.Title>
          <AlertDialog.Description>
            Ken makes a new proposal for {stepOf(step).label}; your changes there are dropped.
            {later.length > 0 &&
              ` What followed from it is made anew: ${list.format(later.map(({ label }) => label))}.`}{' '}
            No further AI credit is used.
          </AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Close className="button">Keep what is there</AlertDialog.Close>
            <button type="button" className="button is-primary" disabled={busy} onClick={() => void redo()}>
              Do it again
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

const list = new Intl.ListFormat('en-US')
