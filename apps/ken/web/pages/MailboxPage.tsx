import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import '../styles/sending.css'
import type { Mail, MailFolder } from '../api.ts'
import { Email } from '../parts/Email.tsx'
import { Empty } from '../parts/Empty.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Page } from '../parts/Page.tsx'
import { mailsQuery } from '../queries.ts'
import { OpenMail } from '../sending/OpenMail.tsx'
import { instant } from '../sending/words.ts'
import { useSession } from '../session.ts'

const route = getRouteApi('/app/mailbox')

const folders: { folder: MailFolder; label: string }[] = [
  { folder: 'all', label: 'All mails' },
  { folder: 'account', label: 'Account' },
  { folder: 'campaign', label: 'Campaigns' },
]

/** The mails Ken has sent, to be read here where no mail server is set: the list, and beside it the one that is open. */
export function MailboxPage() {
  const { demo, role } = useSession()
  const { mail: openId, folder = 'all' } = route.useSearch()
  const mails = useInfiniteQuery(mailsQuery(folder))
  const data = mails.data?.pages.flatMap((page) => page.data)
  const whose = demo && role === 'admin' ? 'to the people of this workspace' : 'to you'

  return (
    <Page title="Mailbox" lead={`Mails Ken has sent ${whose}, and what campaigns have sent to their leads.`}>
      <nav aria-label="Folders" className="tabs">
        {folders.map((one) => (
          <Link
            key={one.folder}
            to="/mailbox"
            search={{ folder: one.folder === 'all' ? undefined : one.folder }}
            className="tab"
            aria-current={one.folder === folder ? 'page' : undefined}
            activeOptions={{ exact: true, explicitUndefined: true }}
          >
            {one.label}
          </Link>
        ))}
      </nav>
      {data === undefined ? (
        mails.isError ? (
          <Failure what="The mails" error={mails.error} onRetry={mails.refetch} />
        ) : (
          <Loading what="mails" rows={4} height={66} />
        )
      ) : data.length === 0 && openId === undefined ? (
        <Nothing folder={folder} />
      ) : (
        <div className={openId === undefined ? 'mailbox' : 'mailbox has-opened'}>
          <div className="mailbox-list">
            <MailList mails={data} folder={folder} />
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
          {openId !== undefined && <OpenMail key={openId} id={openId} folder={folder} />}
        </div>
      )}
    </Page>
  )
}

function Nothing({ folder }: { folder: MailFolder }) {
  if (folder === 'campaign') {
    return (
      <Empty
        title="No campaign mails yet"
        action={
          <Link to="/campaigns" className="button">
            All campaigns
          </Link>
        }
      >
        Launch a campaign: each mail it sends stands here, and you can answer it as its recipient would.
      </Empty>
    )
  }
  return (
    <Empty title="No mail yet">
      When a payment fails or a trial is about to end, Admins of the workspace get a mail. It will stand here.
    </Empty>
  )
}

function MailList({ mails, folder }: { mails: Mail[]; folder: MailFolder }) {
  return (
    <ul className="mails">
      {mails.map(({ id, to, subject, at, campaign, ended }) => (
        <li key={id}>
          <Link
            to="/mailbox"
            search={{ mail: id, folder: folder === 'all' ? undefined : folder }}
            className="mail"
            resetScroll={false}
          >
            <span className="mail-subject">{subject}</span>
            <span className="mail-facts">
              <span className="mail-to">
                To <Email address={to.name} />
              </span>
              <time className="figure" dateTime={at}>
                {instant(at)}
              </time>
            </span>
            {campaign !== null && (
              <span className="mail-campaign">
                Mail {campaign.step} of {campaign.name}
                {ended !== null && ` · ${ended === 'replied' ? 'Replied' : 'Unsubscribed'}`}
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  )
}
