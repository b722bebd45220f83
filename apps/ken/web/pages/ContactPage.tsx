import { useEffect, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ContactForm } from '../help/ContactForm.tsx'
import { HelpFrame } from '../help/HelpFrame.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Page } from '../parts/Page.tsx'
import { sessionQuery } from '../queries.ts'

/** The way to support, signed in or not. */
export function ContactPage() {
  const session = useQuery(sessionQuery)
  const [answerTo, setAnswerTo] = useState<string | null>(null)
  return (
    <HelpFrame>
      <div className="help-form">
        <Page title="Contact us" lead="Our team is one message away. We usually reply within a business day.">
          {answerTo !== null ? (
            <Sent answerTo={answerTo} onAgain={() => setAnswerTo(null)} />
          ) : session.isPending ? (
            <Loading what="the form" rows={5} />
          ) : (
            <ContactForm user={session.data?.session?.user ?? session.data?.stranger ?? null} onSent={setAnswerTo} />
          )}
        </Page>
      </div>
    </HelpFrame>
  )
}

function Sent({ answerTo, onAgain }: { answerTo: string; onAgain: () => void }) {
  const words = useRef<HTMLParagraphElement>(null)
  useEffect(() => words.current?.focus(), [])
  return (
    <div className="stack help-sent">
      <p ref={words} tabIndex={-1} role="status" className="breakable">
        Your message has been sent. We answer to {answerTo}, usually within a business day.
      </p>
      <Link to="/help/usage-credits-and-limits" className="button">
        Back to the article
      </Link>
      <button type="button" className="button is-quiet" onClick={onAgain}>
        Write another message
      </button>
    </div>
  )
}
