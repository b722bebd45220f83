import { useState } from 'react'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { Contact } from '../api.ts'
import { Badge } from '../parts/Badge.tsx'
import { Empty } from '../parts/Empty.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { contactsQuery } from '../queries.ts'

const filters = [
  { verdict: '', label: 'All contacts' },
  { verdict: 'counted', label: 'Counted' },
  { verdict: 'not_counted', label: 'Not counted' },
]

/** Everyone the imports brought in, with whether they count and why. */
export function ContactsTable({ campaignId, growing }: { campaignId: string; growing: boolean }) {
  const [verdict, setVerdict] = useState('')
  const contacts = useInfiniteQuery(contactsQuery(campaignId, verdict, growing))
  const rows = contacts.data?.pages.flatMap((page) => page.data)

  return (
    <section className="stack" aria-labelledby="contacts-title">
      <div className="section-top">
        <h2 id="contacts-title" className="section-title">
          Contacts
        </h2>
        <label className="filter">
          Show
          <select className="input is-small" value={verdict} onChange={(event) => setVerdict(event.target.value)}>
            {filters.map((filter) => (
              <option key={filter.verdict} value={filter.verdict}>
                {filter.label}
              </option>
            ))}
          </select>
        </label>
      </div>
      {rows !== undefined ? (
        rows.length === 0 ? (
          <Empty title={verdict === '' ? 'No contacts yet' : 'None of these'}>
            {verdict === ''
              ? 'Contacts appear here as soon as an import reads them.'
              : 'No contact of this campaign has this result. Choose "All contacts" to see the others.'}
          </Empty>
        ) : (
          <>
            <div className="table-frame">
              <table className="table contacts">
                <thead>
                  <tr>
                    <th scope="col">Contact</th>
                    <th scope="col" className="wide-only">
                      Company
                    </th>
                    <th scope="col" className="wide-only">
                      Country
                    </th>
                    <th scope="col">Result</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((contact, position) => (
                    <ContactRow key={position} contact={contact} />
                  ))}
                </tbody>
              </table>
            </div>
            {contacts.hasNextPage && (
              <button
                type="button"
                className="button"
                disabled={contacts.isFetchingNextPage}
                onClick={() => void contacts.fetchNextPage()}
              >
                Show more contacts
              </button>
            )}
          </>
        )
      ) : contacts.isError ? (
        <Failure what="The contacts" error={contacts.error} onRetry={contacts.refetch} />
      ) : (
        <Loading what="contacts" rows={6} height={57} />
      )}
    </section>
  )
}

function ContactRow({ contact }: { contact: Contact }) {
  const counts = contact.verdict === 'counted'
  return (
    <tr>
      <td className="breakable">
        <div className="is-strong">{contact.name ?? '(no name)'}</div>
        <div className="quiet">{contact.email ?? '(no email)'}</div>
      </td>
      <td className="breakable wide-only">
        <div>{contact.company ?? ''}</div>
        <div className="quiet">{contact.title ?? ''}</div>
      </td>
      <td className="wide-only">{contact.country ?? ''}</td>
      <td>
        <Badge tone={counts ? 'good' : 'neutral'}>{counts ? 'Counted' : 'Not counted'}</Badge>
        {!counts && <div className="quiet">{contact.label}</div>}
      </td>
    </tr>
  )
}
