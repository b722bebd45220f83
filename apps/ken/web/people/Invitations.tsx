import { useId, useState, type RefObject } from 'react'
import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { toast } from 'sonner'
import { Badge } from '../parts/Badge.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Moment } from '../parts/Moment.tsx'
import { queryClient } from '../queries.ts'
import { roleNames } from '../session.ts'
import { people, type Invitation, type SentInvitation } from './api.ts'
import { Confirm } from './Confirm.tsx'
import { invitationsQuery } from './queries.ts'
import { SentLink } from './SentLink.tsx'

const again = () => queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey })

/** For Admins: whom the workspace waits for. */
export function Invitations({ heading }: { heading: RefObject<HTMLHeadingElement | null> }) {
  const { data, error, refetch } = useQuery(invitationsQuery)
  return (
    <section className="stack" aria-labelledby="invitations-title">
      <h2 id="invitations-title" ref={heading} tabIndex={-1} className="section-title">
        Pending invitations
      </h2>
      {data !== undefined ? (
        data.length === 0 ? (
          <p className="quiet">Nobody is invited now. Whoever you invite stands here until they accept.</p>
        ) : (
          <ul className="people">
            {data.map((invitation) => (
              <Row key={invitation.id} invitation={invitation} heading={heading} />
            ))}
          </ul>
        )
      ) : error !== null ? (
        <Failure what="The invitations" error={error} onRetry={refetch} />
      ) : (
        <Loading what="invitations" rows={1} height={65} />
      )}
    </section>
  )
}

function Row({
  invitation: { id, email, role, invitedBy, sentAt, expired },
  heading,
}: {
  invitation: Invitation
  heading: RefObject<HTMLElement | null>
}) {
  const who = useId()
  const revoke = async () => {
    await people.revoke(id)
    await again()
    toast.success(`The invitation of ${email} is revoked.`)
  }
  return (
    <li>
      <div>
        <p id={who} className="person-name">
          {email}
          {expired && <Badge tone="warn">Expired</Badge>}
        </p>
        <p className="person-more">
          Sent by {invitedBy} <Moment at={sentAt} />
        </p>
      </div>
      <span>{roleNames[role]}</span>
      <div className="person-actions">
        <Resend id={id} describedBy={who} />
        <Confirm
          label="Revoke"
          title={`Revoke the invitation of ${email}?`}
          keep="Keep"
          describedBy={who}
          onConfirm={revoke}
          then={heading}
        >
          The link that was sent stops working at once. You can invite the address again later.
        </Confirm>
      </div>
    </li>
  )
}

function Resend({ id, describedBy }: { id: string; describedBy: string }) {
  const [busy, setBusy] = useState(false)
  const [sent, setSent] = useState<SentInvitation | null>(null)
  const resend = async () => {
    // Not disabled meanwhile: the focus stays on the button, and comes back to it from the dialog.
    if (busy) return
    setBusy(true)
    try {
      setSent(await people.resend(id))
      void again()
    } catch (error) {
      toast.error(`The invitation was not sent again. ${(error as Error).message}`)
      void again()
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <button
        type="button"
        className="button is-small"
        aria-describedby={describedBy}
        aria-disabled={busy}
        onClick={() => void resend()}
      >
        Resend
      </button>
      <Dialog.Root open={sent !== null} onOpenChange={() => setSent(null)}>
        <Dialog.Portal>
          <Dialog.Backdrop className="backdrop" />
          <Dialog.Popup className="dialog">{sent !== null && <SentLink sent={sent} />}</Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  )
}
