import { useState } from 'react'
import { Dialog } from '@base-ui/react/dialog'
import { useRouter } from '@tanstack/react-router'
import { toast } from 'sonner'
import { queryClient, sessionQuery } from '../queries.ts'
import { roleNames } from '../session.ts'
import { people, type User } from './api.ts'
import { RefusalNotice } from './PersonFields.tsx'
import { usersQuery } from './queries.ts'
import { RoleChoice } from './RoleChoice.tsx'
import { useSubmit } from './use-submit.ts'

/** "Edit Role" of one person, with the dialog that does it. */
export function EditRole({ user, describedBy, disabled }: { user: User; describedBy: string; disabled: boolean }) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="button is-small" aria-describedby={describedBy} disabled={disabled}>
        Edit Role
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <RoleForm user={user} onDone={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function RoleForm({ user, onDone }: { user: User; onDone: () => void }) {
  const router = useRouter()
  const [role, setRole] = useState(user.role)
  const { busy, refusal, submit } = useSubmit(async () => {
    await people.changeRole(user.id, role)
    await queryClient.invalidateQueries({ queryKey: usersQuery.queryKey })
    onDone()
    toast.success(`${user.you ? 'You are' : `${user.name} is`} ${roleNames[role]} from now on.`)
    if (!user.you) return
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 })
    await router.invalidate()
  })
  return (
    <form className="stack" onSubmit={submit}>
      <Dialog.Title className="dialog-title">Edit Role</Dialog.Title>
      <Dialog.Description className="breakable">
        {user.you ? 'Your own role' : `The role of ${user.name}`} counts from the next click on, also on pages that are
        open.
      </Dialog.Description>
      <RefusalNotice refusal={refusal} />
      <RoleChoice value={role} onChange={setRole} />
      <div className="dialog-actions">
        <Dialog.Close className="button">Cancel</Dialog.Close>
        <button type="submit" className="button is-primary" aria-disabled={busy}>
          Save
        </button>
      </div>
    </form>
  )
}
