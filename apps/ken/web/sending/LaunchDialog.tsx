import { useState, type RefObject } from 'react'
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { counted } from '../numbers.ts'
import type { Schedule, Sending } from './api.ts'
import { instant, scheduleInWords } from './words.ts'

/** Launching cannot be taken back for mails that are out, so it says how many people get how many mails, and when, before it happens. */
export function LaunchDialog({
  sending,
  schedule,
  blocked,
  describedBy,
  onLaunch,
  after,
}: {
  sending: Sending
  schedule: Schedule
  blocked: boolean
  describedBy: string | undefined
  onLaunch: () => Promise<unknown>
  /** Has the focus once it is launched: the button is gone then. */
  after: RefObject<HTMLElement | null>
}) {
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const launch = async () => {
    setBusy(true)
    try {
      await onLaunch()
      requestAnimationFrame(() => after.current?.focus())
    } finally {
      setBusy(false)
      setOpen(false)
    }
  }
  if (blocked) {
    return (
      <button type="button" className="button is-primary" aria-disabled="true" aria-describedby={describedBy}>
        Launch campaign
      </button>
    )
  }
  const { startAt } = schedule
  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger className="button is-primary">Launch campaign</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">Launch this campaign?</AlertDialog.Title>
          <AlertDialog.Description>
            {sending.sends === null
              ? `Up to ${counted(sending.steps.length, 'mail')} to each lead.`
              : `${counted(sending.sends.needed, 'mail')} in all, up to ${sending.steps.length} to each lead.`}{' '}
            The first {startAt === null ? 'leave now' : `leave on ${instant(startAt)}`}, as the schedule allows:{' '}
            {scheduleInWords(schedule)}. You can pause at any time.
          </AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Close className="button">Not yet</AlertDialog.Close>
            <button type="button" className="button is-primary" disabled={busy} onClick={() => void launch()}>
              Launch
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
