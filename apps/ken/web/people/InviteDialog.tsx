import { useState } from 'react'
import { Dialog } from '@base-ui/react/dialog'
import { UserPlus } from 'lucide-react'
import type { Role } from '../api.ts'
import { typed } from '../parts/typed.ts'
import { queryClient } from '../queries.ts'
import { people, type SentInvitation } from './api.ts'
import { EmailField, RefusalNotice } from './PersonFields.tsx'
import { invitationsQuery } from './queries.ts'
import { RoleChoice } from './RoleChoice.tsx'
import { SentLink } from './SentLink.tsx'
import { useSubmit } from './use-submit.ts'

/** The button and, opened by it, the form that invites somebody; sent, it shows the link that went out. */
export function InviteDialog() {
  const [open, setOpen] = useState(false)
  const [sent, setSent] = useState<SentInvitation | null>(null)
  const change = (next: boolean) => {
    setOpen(next)
    if (next) setSent(null)
  }
  return (
    <Dialog.Root open={open} onOpenChange={change}>
      <Dialog.Trigger className="button is-primary">
        <UserPlus size={16} aria-hidden />
        Invite Member
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          {sent === null ? <InviteForm onSent={setSent} /> : <SentLink sent={sent} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function InviteForm({ onSent }: { onSent: (sent: SentInvitation) => void }) {
  const [role, setRole] = useState<Role>('member')
  const { busy, refusal, submit } = useSubmit(async (data) => {
    const sent = await people.invite(typed(data, 'email'), role)
    void queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey })
    onSent(sent)
  })
  return (
    <form className="stack" onSubmit={submit}>
      <Dialog.Title className="dialog-title">Invite Member</Dialog.Title>
      <RefusalNotice refusal={refusal?.fieldError('email') ? null : refusal} />
      <EmailField refusal={refusal} label="Email address" />
      <RoleChoice value={role} onChange={setRole} />
      <div className="dialog-actions">
        <Dialog.Close className="button">Cancel</Dialog.Close>
        <button type="submit" className="button is-primary" aria-disabled={busy}>
          Send Invitation
        </button>
      </div>
    </form>
  )
}
