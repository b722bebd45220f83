import { useRef, useState, type ReactNode, type RefObject } from 'react'
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { ApiProblem } from '../ask.ts'
import { RefusalNotice } from './PersonFields.tsx'

/**
 * A button whose deed is asked about first. Refused, the dialog stays and says why. Done, the focus goes to `then`, as the button has
 * usually gone with what it stood beside; left, it returns to the button.
 */
export function Confirm({
  label,
  title,
  keep,
  children,
  describedBy,
  disabled = false,
  onConfirm,
  then,
}: {
  label: string
  title: string
  keep: string
  children: ReactNode
  describedBy?: string
  disabled?: boolean
  onConfirm: () => Promise<void>
  then: RefObject<HTMLElement | null>
}) {
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<ApiProblem | null>(null)
  const trigger = useRef<HTMLButtonElement>(null)
  const isDone = useRef(false)

  const change = (next: boolean) => {
    setOpen(next)
    setRefusal(null)
  }
  const confirm = async () => {
    if (busy) return
    setBusy(true)
    setRefusal(null)
    try {
      await onConfirm()
      isDone.current = true
      setOpen(false)
    } catch (error) {
      setRefusal(error instanceof ApiProblem ? error : new ApiProblem(0, 'unknown', (error as Error).message))
    } finally {
      setBusy(false)
    }
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={change}>
      <AlertDialog.Trigger ref={trigger} className="button is-small" aria-describedby={describedBy} disabled={disabled}>
        {label}
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog" finalFocus={() => (isDone.current ? then.current : trigger.current)}>
          <AlertDialog.Title className="dialog-title breakable">{title}</AlertDialog.Title>
          <AlertDialog.Description className="breakable">{children}</AlertDialog.Description>
          <RefusalNotice refusal={refusal} />
          <div className="dialog-actions">
            <AlertDialog.Close className="button">{keep}</AlertDialog.Close>
            <button type="button" className="button is-danger" aria-disabled={busy} onClick={() => void confirm()}>
              {label}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
