import { useEffect, useRef, type SyntheticEvent } from 'react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import type { Mail, OpenedMail } from '../api.ts'
import { Empty } from '../parts/Empty.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Page } from '../parts/Page.tsx'
import { mailQuery, mailsQuery } from '../queries.ts'
import { useSession } from '../session.ts'

const route = getRouteApi('/app/mailbox')
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** The mails Ken has sent, to be read here where no mail server is set: the list, and beside it the one that is open. */
export function MailboxPage() {
  const { demo, role } = useSession()
  const { mail: openId } = route.useSearch()
  const mails = useInfiniteQuery(mailsQuery)
  const data = mails.data?.pages.flatMap((page) => page.data)
  const whose = demo && role === 'admin' ? 'to the people of this workspace' : 'to you'

  return (
    <Page title="Mailbox" lead={`Mails Ken has sent ${whose}.`}>
      {data === undefined ? (
        mails.isError ? (
          <Failure what="The mails" error={mails.error} onRetry={mails.refetch} />
        ) : (
          <Loading what="mails" rows={4} height={66} />
        )
      ) : data.length === 0 && openId === undefined ? (
        <Empty title="No mail yet">
          When a payment fails or a trial is about to end, Admins of the workspace get a mail. It will stand here.
        </Empty>
      ) : (
        <div className={openId === undefined ? 'mailbox' : 'mailbox has-opened'}>
          <div className="mailbox-list">
            <MailList mails={data} openId={openId} />
            {mails.hasNextPage && (
              <button
                type="button"
                className="button"
                disabled={mails.isFetchingNextPage}
                onClick={() => void mails.fetchNextPage()}
              >
                Show older mails
              </button>
            )}
          </div>
          {openId !== undefined && <OpenMail key={openId} id={openId} />}
        </div>
      )}
    </Page>
  )
}

function MailList({ mails, openId }: { mails: Mail[]; openId: string | undefined }) {
  return (
    <ul className="mails">
      {mails.map(({ id, to, subject, at }) => (
        <li key={id}>
          <Link to="/mailbox" search={{ mail: id }} className="mail" aria-current={id === openId ? 'true' : undefined}>
            <span className="mail-subject">{subject}</span>
            <span className="mail-facts">
              <span className="mail-to">To {to.name}</span>
              <Instant at={at} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

function OpenMail({ id }: { id: string }) {
  const mail = useQuery(mailQuery(id))
  return (
    <div className="mailbox-opened">
      <Link to="/mailbox" search={{}} className="link with-icon mailbox-back">
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

function Letter({ mail: { subject, to, at, html } }: { mail: OpenedMail }) {
  const heading = useRef<HTMLHeadingElement>(null)
  // Opening a mail is going somewhere: a screen reader goes on there, and where the list is hidden the eye is there already.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <article className="card letter">
      <h2 ref={heading} tabIndex={-1} className="section-title breakable">
        {subject}
      </h2>
      <p className="quiet breakable">
        To {to.name} &lt;{to.email}&gt; · <Instant at={at} />
      </p>
      <iframe
        title={`Mail: ${subject}`}
        className="letter-body"
        // A mail is a page of its own: no scripts, and its links open beside Ken. Its height can be read because it is from here.
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        srcDoc={html}
        onLoad={fit}
      />
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

/** The exact time: mails go by Headroom's clock, which in a demo may be far from this one's. */
function Instant({ at }: { at: string }) {
  return (
    <time className="figure" dateTime={at}>
      {exact.format(new Date(at))} UTC
    </time>
  )
}
