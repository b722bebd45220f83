import { useEffect, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { typed } from '../parts/typed.ts'
import { people } from '../people/api.ts'
import { LonePage } from '../people/LonePage.tsx'
import { EmailField, RefusalNotice } from '../people/PersonFields.tsx'
import { useSubmit } from '../people/use-submit.ts'
import { sessionQuery } from '../queries.ts'

/** Asks for a link that sets a new password. Whether the address has an account is not said. */
export function ForgotPage() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const { busy, refusal, submit } = useSubmit(async (form) => {
    const email = typed(form, 'email')
    await people.forgot(email)
    setSentTo(email)
  })
  return (
    <LonePage title="Forgot your password?">
      {sentTo === null ? (
        <>
          <p className="quiet">Give the address you sign in with. A link that sets a new password comes by mail.</p>
          <RefusalNotice refusal={refusal} />
          <form className="stack" onSubmit={submit}>
            <EmailField refusal={refusal} />
            <button type="submit" className="button is-primary" aria-disabled={busy}>
              Send link
            </button>
          </form>
        </>
      ) : (
        <Sent to={sentTo} />
      )}
      <Link to="/login" className="link">
        Back to sign in
      </Link>
    </LonePage>
  )
}

function Sent({ to }: { to: string }) {
  const words = useRef<HTMLParagraphElement>(null)
  const { data } = useQuery(sessionQuery)
  useEffect(() => words.current?.focus(), [])
  return (
    <div className="stack">
      <p ref={words} tabIndex={-1} className="breakable">
        If {to} has an account, a mail with a link is on its way. The link is good for one hour.
      </p>
      {data?.demo === true && (
        <p className="notice">
          This is a demo: mails stand in the Mailbox of the demo Admin, unless a mail server is set.
        </p>
      )}
    </div>
  )
}
