import { useRef, useState, type FormEvent } from 'react'
import { Dialog } from '@base-ui/react/dialog'
import { Pencil } from 'lucide-react'
import { api, type Campaign } from '../api.ts'
import { Field } from '../parts/Field.tsx'
import { typed } from '../parts/typed.ts'
import { queryClient } from '../queries.ts'

/** Gives the campaign another name. What has been sent under the old one keeps it. */
export function RenameCampaign({ campaign: { id, name } }: { campaign: Campaign }) {
  const input = useRef<HTMLInputElement>(null)
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const wanted = typed(new FormData(event.currentTarget), 'name').trim()
    if (wanted === '') {
      setFault('Give the campaign a name to find it again.')
      input.current?.focus()
      return
    }
    setBusy(true)
    try {
      await api.renameCampaign(id, wanted)
      await queryClient.invalidateQueries({ queryKey: ['campaign', id] })
      void queryClient.invalidateQueries({ queryKey: ['campaigns'] })
      setOpen(false)
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
      <Dialog.Trigger className="button is-quiet">
        <Pencil size={16} aria-hidden />
        Rename
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog" initialFocus={input}>
          <Dialog.Title className="dialog-title">Rename campaign</Dialog.Title>
          <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
            <Field label="Campaign name" error={fault}>
              {(control) => (
                <input
                  {...control}
                  ref={input}
                  className="input"
                  name="name"
                  defaultValue={name}
                  maxLength={100}
                  autoComplete="off"
                />
              )}
            </Field>
            <div className="dialog-actions">
              <Dialog.Close className="button">Cancel</Dialog.Close>
              <button type="submit" className="button is-primary" disabled={busy}>
                Save name
              </button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
