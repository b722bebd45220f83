import { useEffect, useId, useRef, useState } from 'react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import '../styles/contacts.css'
import { api, type ContactFilter, type ContactSummary } from '../api.ts'
import { count, counted } from '../numbers.ts'
import { Empty } from '../parts/Empty.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { contactsQuery, contactSummaryQuery } from '../queries.ts'
import { ContactGroup } from './ContactGroup.tsx'

const all: ContactFilter = { verdict: '', reason: '', search: '' }

/** Everyone the imports brought in, with whether they count and why; filtered, searched, and taken away as a file. */
export function ContactsTable({ campaignId, growing }: { campaignId: string; growing: boolean }) {
  const [filter, setFilter] = useState(all)
  const summary = useQuery(contactSummaryQuery(campaignId, growing))
  const contacts = useInfiniteQuery(contactsQuery(campaignId, filter, growing))
  const pages = contacts.data?.pages
  const rows = pages?.reduce((sum, page) => sum + page.data.length, 0) ?? 0
  const isAll = filter === all

  return (
    <section className="stack" aria-labelledby="contacts-title">
      <div className="section-top">
        <h2 id="contacts-title" className="section-title">
          Contacts
        </h2>
        <a
          className="button is-small"
          href={rows === 0 ? undefined : api.contactsFile(campaignId, filter)}
          aria-disabled={rows === 0}
          role="link"
          download
        >
          <Download size={14} aria-hidden />
          Export CSV
        </a>
      </div>
      <Filters
        filter={filter}
        summary={summary.data}
        onFilter={(change) => setFilter((before) => tidied({ ...before, ...change }))}
      />
      {pages !== undefined ? (
        rows === 0 ? (
          <Empty title={isAll ? 'No contacts yet' : 'None of these'}>
            {isAll
              ? 'Contacts appear here as soon as an import reads them.'
              : 'No contact of this campaign fits. Choose "All contacts" and clear the search to see the others.'}
          </Empty>
        ) : (
          <>
            <div className="table-frame" aria-busy={contacts.isPlaceholderData}>
              <table className="table contacts" role="table" aria-labelledby="contacts-title">
                <thead role="rowgroup">
                  <tr role="row">
                    <th scope="col" role="columnheader">
                      Contact
                    </th>
                    <th scope="col" role="columnheader" className="wide-only">
                      Company
                    </th>
                    <th scope="col" role="columnheader" className="wide-only">
                      Country
                    </th>
                    <th scope="col" role="columnheader">
                      Result
                    </th>
                  </tr>
                </thead>
                {pages.map((page, position) => (
                  <ContactGroup key={position} contacts={page.data} />
                ))}
              </table>
            </div>
            {contacts.hasNextPage && (
              <More shown={rows} busy={contacts.isFetchingNextPage} onMore={() => void contacts.fetchNextPage()} />
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

/** No filter is always the same one. */
const tidied = (filter: ContactFilter) => (Object.values(filter).every((value) => value === '') ? all : filter)

/** One choice for verdict and reason, as a reason says the verdict too; and a word to look for. */
function Filters({
  filter,
  summary,
  onFilter,
}: {
  filter: ContactFilter
  summary: ContactSummary | undefined
  onFilter: (change: Partial<ContactFilter>) => void
}) {
  const id = useId()
  const [typed, setTyped] = useState(filter.search)
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined)
  const notCounted = summary === undefined ? undefined : summary.total - summary.counted
  const many = (quantity: number | undefined) => (quantity === undefined ? '' : ` (${count(quantity)})`)

  const search = (text: string) => {
    setTyped(text)
    clearTimeout(pause.current)
    pause.current = setTimeout(() => onFilter({ search: text.trim() }), 250)
  }

  const show = (value: string) => {
    const isVerdict = value === '' || value === 'counted' || value === 'not_counted'
    onFilter({ verdict: isVerdict ? value : 'not_counted', reason: isVerdict ? '' : value })
  }

  return (
    <div className="contact-filters">
      <label htmlFor={`${id}-show`}>Show</label>
      <select
        id={`${id}-show`}
        className="input is-small"
        value={filter.reason || filter.verdict}
        onChange={(event) => show(event.target.value)}
      >
        <option value="">All contacts{many(summary?.total)}</option>
        <option value="counted">Counted{many(summary?.counted)}</option>
        <option value="not_counted">Not counted{many(notCounted)}</option>
        {summary !== undefined && summary.notCounted.length > 0 && (
          <optgroup label="Not counted, because">
            {summary.notCounted.map(({ reason, label, count: rows }) => (
              <option key={reason} value={reason}>
                {label}
                {many(rows)}
              </option>
            ))}
          </optgroup>
        )}
      </select>
      <input
        type="search"
        className="input is-small"
        aria-label="Search contacts"
        placeholder="Name, email or company"
        maxLength={200}
        value={typed}
        onChange={(event) => search(event.target.value)}
      />
    </div>
  )
}

/** The next page, on request; from then on by itself as one comes near the end. */
function More({ shown, busy, onMore }: { shown: number; busy: boolean; onMore: () => void }) {
  const button = useRef<HTMLButtonElement>(null)
  const [isGoingOn, setGoingOn] = useState(false)

  useEffect(() => {
    if (!isGoingOn || busy || button.current === null) return
    const near = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) onMore()
      },
      { rootMargin: '800px' },
    )
    near.observe(button.current)
    return () => near.disconnect()
  }, [isGoingOn, busy, onMore])

  return (
    <div className="contact-more">
      <button
        type="button"
        ref={button}
        className="button"
        aria-disabled={busy}
        onClick={() => {
          setGoingOn(true)
          if (!busy) onMore()
        }}
      >
        Show more contacts
      </button>
      <span className="quiet" role="status">
        {counted(shown, 'contact')} shown
      </span>
    </div>
  )
}
