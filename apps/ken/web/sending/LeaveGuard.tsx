import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useBlocker } from '@tanstack/react-router'

/** Asks before what was typed is lost: on the way to another page or tab of the app, and when the browser's tab is closed. */
export function LeaveGuard({ dirty, what }: { dirty: boolean; what: string }) {
  const blocker = useBlocker({
    shouldBlockFn: () => dirty,
    enableBeforeUnload: dirty,
    withResolver: true,
  })
  return (
    <AlertDialog.Root open={blocker.status === 'blocked'} onOpenChange={(open) => !open && blocker.reset?.()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">Leave without saving?</AlertDialog.Title>
          <AlertDialog.Description>Your changes to {what} are not saved yet.</AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Close className="button">Keep editing</AlertDialog.Close>
            <button type="button" className="button is-danger" onClick={() => blocker.proceed?.()}>
              Leave without saving
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
