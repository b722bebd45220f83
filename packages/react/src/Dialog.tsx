import { useEffect, useId, useLayoutEffect, useRef, type ReactNode, type RefObject } from 'react'
import { createPortal } from 'react-dom'

export interface DialogProps {
  title: string
  /** Has the focus first. */
  first: RefObject<HTMLElement | null>
  onClose: () => void
  /** For what is read rather than filled in. */
  isWide?: boolean
  children: ReactNode
}

/**
 * A dialog over the page: Escape closes it, Tab stays inside. Open as long as it is rendered; who closes it puts the focus back.
 *
 * Not the browser's modal state: that would also lay its backdrop over the host's toasts and silence them for screen readers, and a
 * failed purchase is said there.
 */
export function Dialog({ title, first, onClose, isWide = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useLayoutEffect(() => first.current?.focus(), [first])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onClose()
      if (event.key === 'Tab' && dialog.current !== null) keepInside(event, dialog.current)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [onClose])

  return createPortal(
    <div className="hr-backdrop">
      <dialog
        ref={dialog}
        className={isWide ? 'hr-dialog is-wide' : 'hr-dialog'}
        open
        aria-modal="true"
        aria-labelledby={titleId}
      >
        <h2 id={titleId} className="hr-dialog-title">
          {title}
        </h2>
        {children}
      </dialog>
    </div>,
    document.body,
  )
}

/** From the last to the first and back; from anywhere else (a toast that was closed) into it. */
function keepInside(event: KeyboardEvent, dialog: HTMLElement): void {
  const stops = [...dialog.querySelectorAll<HTMLElement>('button, input, a[href], summary')]
  const at = stops.indexOf(document.activeElement as HTMLElement)
  const next = event.shiftKey ? at - 1 : at + 1
  if (at !== -1 && next >= 0 && next < stops.length) return
  event.preventDefault()
  stops.at(event.shiftKey ? -1 : 0)?.focus()
}
