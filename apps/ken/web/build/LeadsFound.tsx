import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import type { Criteria } from '../api.ts'
import { count, counted } from '../numbers.ts'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { searchQuery, type DirectorySearch } from './directory.ts'

/** How many people these filters bring, with a way to count again, and the first ten of them. */
export function LeadsFound({ criteria }: { criteria: Criteria }) {
  const search = useQuery(searchQuery(criteria))
  const { data, isFetching } = search

  return (
    <section className="stack" aria-labelledby="leads-found">
      <div className="build-found">
        <div>
          <h3 id="leads-found" className="small-title">
            Leads Found
          </h3>
          <p className="build-found-figure" aria-live="polite" aria-busy={isFetching}>
            {data === undefined || !data.ready ? '–' : count(data.found)}
          </p>
        </div>
        <p className="quiet build-found-words">{data === undefined ? '' : inWords(data)}</p>
        <button
          type="button"
          className="button is-small"
          aria-disabled={isFetching}
          onClick={() => !isFetching && void search.refetch()}
        >
          <RefreshCw size={14} aria-hidden />
          Refresh
        </button>
      </div>
      {data === undefined ? (
        search.isError ? (
          <Failure what="The preview" error={search.error} onRetry={search.refetch} />
        ) : (
          <Loading what="the preview" rows={10} height={56} />
        )
      ) : (
        <Preview search={data} />
      )}
    </section>
  )
}

function inWords({ ready, found, usable, estimate }: DirectorySearch): string {
  if (!ready) return 'The leads database is being prepared; the count appears by itself.'
  if (found === 0) return 'Nobody fits. Take a filter away to find people.'
  return `${count(usable)} with an email address, ${count(estimate)} of them not counted yet in this period. Sample data.`
}

function Preview({ search: { preview, found } }: { search: DirectorySearch }) {
  if (preview.length === 0) return null
  return (
    <div className="table-frame">
      <table className="table build-preview">
        <caption className="visually-hidden">The first of {counted(found, 'person', 'people')}</caption>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Company</th>
            <th scope="col" className="wide-only">
              Email
            </th>
          </tr>
        </thead>
        <tbody>
          {preview.map((person, index) => (
            <tr key={index}>
              <td className="breakable">
                <span className="is-strong">{person.name}</span>
                <br />
                <span className="quiet">{person.title}</span>
              </td>
              <td className="breakable">
                {person.company}
                <br />
                <span className="quiet">
                  {person.industry}, {person.companySize}, {person.country}
                </span>
              </td>
              <td className="breakable quiet wide-only">{person.email ?? 'none'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
