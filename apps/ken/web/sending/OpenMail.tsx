import { useEffect, useRef, type SyntheticEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import type { MailFolder, OpenedMail } from '../api.ts'
import { Email } from '../parts/Email.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { mailQuery } from '../queries.ts'
import { AsRecipient } from './AsRecipient.tsx'
import { instant } from './words.ts'

/** One mail as it was sent; a campaign's mail says which, and can be answered. */
export function OpenMail({ id, folder }: { id: string; folder: MailFolder }) {
  const mail = useQuery(mailQuery(id))
  return (
    <div className="mailbox-opened">
      <Link
        to="/mailbox"
        search={{ folder: folder === 'all' ? undefined : folder }}
        className="link with-icon mailbox-back"
      >
        <ArrowLeft size={16} aria-hidden />
        All mails
      </Link>
      {mail.data !== undefined ? (
        <Letter mail={mail.data} />
      ) : mail.isError ? (
        <Failure what="This mail" error={mail.error} onRetry={mail.refetch} />
      ) : (
        <Loading what="the mail" rows={1} height={320} />
      )}
    </div>
  )
}

function Letter({ mail }: { mail: OpenedMail }) {
  const { subject, to, at, html, campaign } = mail
  const heading = useRef<HTMLHeadingElement>(null)
  // Opening a mail is going somewhere: a screen reader goes on there, and where the list is hidden the eye is there already.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  useEffect(() => {
    document.title = `${subject} · Mailbox · Ken`
    return () => {
      document.title = 'Mailbox · Ken'
    }
  }, [subject])
  return (
    <article className="card letter">
      <h2 ref={heading} tabIndex={-1} className="section-title breakable">
        {subject}
      </h2>
      <p className="quiet breakable">
        To <Email address={to.name} /> &lt;
        <Email address={to.email} />
        &gt; ·{' '}
        <time className="figure" dateTime={at}>
          {instant(at)}
        </time>
      </p>
      {campaign !== null && (
        <p className="breakable">
          Mail {campaign.step} of the campaign{' '}
          <Link
            to="/campaigns/$campaignId"
            params={{ campaignId: campaign.id }}
            search={{ tab: 'sending' }}
            className="link"
          >
            {campaign.name}
          </Link>
        </p>
      )}
      <iframe
        title={`Mail: ${subject}`}
        className="letter-body"
        // A mail is a page of its own: no scripts, and its links open beside Ken. Its height can be read because it is from here.
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        srcDoc={html}
        onLoad={fit}
      />
      {campaign !== null && <AsRecipient mail={mail} />}
    </article>
  )
}

/** As high as what it shows, also when the window gets narrower, so that there is one scroll bar. */
function fit({ currentTarget: frame }: SyntheticEvent<HTMLIFrameElement>) {
  const follow = () => {
    const height = frame.contentDocument?.body.offsetHeight
    // The border of the frame counts as well.
    if (height !== undefined) frame.style.blockSize = `${height + 2}px`
  }
  // The frame, not the mail in it: no script runs over there. It goes with the frame.
  new ResizeObserver(follow).observe(frame)
}
