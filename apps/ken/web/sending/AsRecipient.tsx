import { useRef, useState } from 'react'
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog } from '@base-ui/react/dialog'
import { toast } from 'sonner'
import type { OpenedMail } from '../api.ts'
import { Field } from '../parts/Field.tsx'
import { mailQuery, queryClient } from '../queries.ts'
import { mayImport, useSession } from '../session.ts'
import { sendingApi } from './api.ts'

/** What the recipient of this mail could do, to be tried here because the mail is here: answer it, or want no more of them. */
export function AsRecipient({ mail }: { mail: OpenedMail }) {
  const { role } = useSession()
  const heading = useRef<HTMLHeadingElement>(null)
  const done = async () => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: mailQuery(mail.id).queryKey }),
      queryClient.invalidateQueries({ queryKey: ['mails'] }),
    ])
    void queryClient.invalidateQueries({ queryKey: ['campaign', mail.campaign?.id] })
    requestAnimationFrame(() => heading.current?.focus())
  }
  return (
    <section className="as-recipient" aria-labelledby="as-recipient-title">
      <h3 id="as-recipient-title" ref={heading} tabIndex={-1} className="small-title">
        As the recipient
      </h3>
      {mail.ended !== null && (
        <p role="status" className="breakable">
          {mail.to.name} has {mail.ended === 'replied' ? 'replied' : 'unsubscribed'}: the sequence has ended for them.
        </p>
      )}
      <p className="quiet">To try out what happens then: do here what the recipient of this mail could do.</p>
      {mayImport(role) ? (
        <div className="as-recipient-buttons">
          <Reply mail={mail} onDone={done} />
          {mail.ended !== 'unsubscribed' && <Unsubscribe mail={mail} onDone={done} />}
        </div>
      ) : (
        <p className="quiet">Your role is View only: an Editor or Member can try it.</p>
      )}
    </section>
  )
}

function Reply({ mail, onDone }: { mail: OpenedMail; onDone: () => Promise<void> }) {
  const field = useRef<HTMLTextAreaElement>(null)
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string | null>(null)

  const send = async () => {
    if (text.trim() === '') {
      setFault('Write an answer first.')
      field.current?.focus()
      return
    }
    setBusy(true)
    try {
      await sendingApi.replyAsRecipient(mail.id, text.trim())
      setOpen(false)
      setText('')
      await onDone()
      toast.success(`${mail.to.name} has replied.`)
    } catch (error) {
      setFault((error as Error).message)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog.Root
      open={open}
      onOpenChange={(opened) => {
        setOpen(opened)
        setFault(null)
      }}
    >
      <Dialog.Trigger className="button">Reply as the recipient</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog" initialFocus={field}>
          <Dialog.Title className="dialog-title">Reply as the recipient</Dialog.Title>
          <Dialog.Description className="breakable">
            {mail.to.name} answers “{mail.subject}”. That ends their sequence.
          </Dialog.Description>
          <Field label="Answer" error={fault}>
            {(control) => (
              <textarea
                {...control}
                ref={field}
                className="input"
                rows={5}
                maxLength={5_000}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
          <div className="dialog-actions">
            <Dialog.Close className="button">Cancel</Dialog.Close>
            <button type="button" className="button is-primary" disabled={busy} onClick={() => void send()}>
              Send reply
            </button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Unsubscribe({ mail, onDone }: { mail: OpenedMail; onDone: () => Promise<void> }) {
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const unsubscribe = async () => {
    setBusy(true)
    try {
      await sendingApi.unsubscribeAsRecipient(mail.id)
      setOpen(false)
      await onDone()
    } catch (error) {
      toast.error(`Not unsubscribed. ${(error as Error).message}`)
    } finally {
      setBusy(false)
    }
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger className="button">Unsubscribe as the recipient</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">Unsubscribe as the recipient?</AlertDialog.Title>
          <AlertDialog.Description className="breakable">
            {mail.to.name} gets no more mails from any campaign of this workspace. That cannot be undone here.
          </AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Close className="button">Cancel</AlertDialog.Close>
            <button type="button" className="button is-danger" disabled={busy} onClick={() => void unsubscribe()}>
              Unsubscribe
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
