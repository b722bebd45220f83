import { useState } from 'react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { counted } from '../numbers.ts'
import { Badge } from '../parts/Badge.tsx'
import { Email } from '../parts/Email.tsx'
import { Empty } from '../parts/Empty.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import type { Recipient } from './api.ts'
import { recipientsQuery } from './queries.ts'
import { instant, recipientStates } from './words.ts'

/** Everyone the campaign writes to: how far they are, what comes next, or why it ended. */
export function RecipientsTable({ campaignId, steps, live }: { campaignId: string; steps: number; live: boolean }) {
  const [state, setState] = useState('')
  const recipients = useInfiniteQuery(recipientsQuery(campaignId, state, live))
  const rows = recipients.data?.pages.flatMap((page) => page.data)

  return (
    <section className="stack" aria-labelledby="recipients-title">
      <div className="section-top">
        <h2 id="recipients-title" className="section-title">
          Recipients
        </h2>
        <label className="filter">
          Show
          <select className="input is-small" value={state} onChange={(event) => setState(event.target.value)}>
            <option value="">All recipients</option>
            {Object.entries(recipientStates).map(([value, { word }]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </label>
      </div>
      {rows === undefined ? (
        recipients.isError ? (
          <Failure what="The recipients" error={recipients.error} onRetry={recipients.refetch} />
        ) : (
          <Loading what="recipients" rows={4} height={57} />
        )
      ) : rows.length === 0 ? (
        <Empty title={state === '' ? 'No recipients yet' : 'None of these'}>
          {state === ''
            ? 'Every contact that counts as a lead becomes a recipient when the campaign is launched.'
            : 'No recipient of this campaign is there now. Choose "All recipients" to see the others.'}
        </Empty>
      ) : (
        <>
          <div className="table-frame">
            <table className="table recipients">
              <thead>
                <tr>
                  <th scope="col">Recipient</th>
                  <th scope="col" className="wide-only">
                    Company
                  </th>
                  <th scope="col">State</th>
                  <th scope="col" className="wide-only">
                    Next mail
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((recipient) => (
                  <RecipientRow key={recipient.id} recipient={recipient} steps={steps} />
                ))}
              </tbody>
            </table>
          </div>
          {recipients.hasNextPage && (
            <button
              type="button"
              className="button"
              disabled={recipients.isFetchingNextPage}
              onClick={() => void recipients.fetchNextPage()}
            >
              Show more recipients
            </button>
          )}
        </>
      )}
    </section>
  )
}

function RecipientRow({ recipient, steps }: { recipient: Recipient; steps: number }) {
  const { word, tone } = recipientStates[recipient.state]
  return (
    <tr>
      <td className="breakable">
        <div className="is-strong">{recipient.name ?? '(no name)'}</div>
        <div className="quiet">
          <Email address={recipient.email} />
        </div>
      </td>
      <td className="breakable wide-only">{recipient.company ?? ''}</td>
      <td>
        <Badge tone={tone}>{word}</Badge>
        {recipient.reply !== null && <div className="breakable">“{recipient.reply}”</div>}
        <div className="quiet breakable">
          {recipient.reason ?? `${recipient.step} of ${counted(steps, 'mail')} sent`}
        </div>
      </td>
      <td className="wide-only">
        {recipient.nextAt !== null ? (
          <time dateTime={recipient.nextAt}>{instant(recipient.nextAt)}</time>
        ) : (
          <span className="quiet">
            {recipient.lastSentAt === null ? 'None' : `Last on ${instant(recipient.lastSentAt)}`}
          </span>
        )}
      </td>
    </tr>
  )
}
