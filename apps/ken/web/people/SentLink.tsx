import { useEffect, useRef, useState } from 'react'
import { Dialog } from '@base-ui/react/dialog'
import { Field } from '../parts/Field.tsx'
import type { SentInvitation } from './api.ts'

/** The link of an invitation, the only time it is shown, within a dialog. */
export function SentLink({ sent: { invitation, link } }: { sent: SentInvitation }) {
  const [copied, setCopied] = useState<'yes' | 'no' | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus(), [])

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link)
      setCopied('yes')
    } catch {
      field.current?.select()
      setCopied('no')
    }
  }

  return (
    <div className="stack">
      <Dialog.Title className="dialog-title">Invitation sent</Dialog.Title>
      <Dialog.Description className="breakable">
        A mail with this link is on its way to {invitation.email}. The link is good for seven days, once. It is shown
        only now: copy it if you want to hand it over yourself.
      </Dialog.Description>
      <Field label="Invitation link">
        {(control) => (
          <div className="copy">
            <input
              {...control}
              ref={field}
              className="input"
              value={link}
              readOnly
              onFocus={(event) => event.target.select()}
            />
            <button type="button" ref={button} className="button" onClick={() => void copy()}>
              Copy link
            </button>
          </div>
        )}
      </Field>
      <p className="field-help" role="status">
        {copied === 'yes'
          ? 'Copied.'
          : copied === 'no'
            ? 'This browser does not let pages copy: the link is selected.'
            : ''}
      </p>
      <div className="dialog-actions">
        <Dialog.Close className="button is-primary">Done</Dialog.Close>
      </div>
    </div>
  )
}
