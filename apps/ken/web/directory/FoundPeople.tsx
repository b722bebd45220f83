import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import type { Criteria } from '../api.ts'
import { count, counted } from '../numbers.ts'
import { Empty } from '../parts/Empty.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import type { DirectoryPerson, DirectorySearch } from './api.ts'
import { Preparing } from './Preparing.tsx'
import { searchQuery } from './queries.ts'

/** How many people these criteria bring, counted again on demand, and the first of them. */
export function FoundPeople({ criteria }: { criteria: Criteria }) {
  const search = useQuery(searchQuery(criteria))
  const { data, isFetching } = search

  return (
    <section className="stack" aria-labelledby="found-title">
      <div className="found">
        <div>
          <h3 id="found-title" className="field-label">
            Leads Found
          </h3>
          <p className="found-figure" aria-live="polite" aria-busy={isFetching}>
            {data?.ready === true ? count(data.found) : '–'}
          </p>
        </div>
        <p className="found-words quiet">{data?.ready === true && inWords(data)}</p>
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
          <Failure what="The Leads Database" error={search.error} onRetry={search.refetch} />
        ) : (
          <Loading what="people" rows={10} height={57} />
        )
      ) : !data.ready ? (
        <Preparing />
      ) : data.found === 0 ? (
        <Empty title="Nobody fits">Take one of the filters away, or choose a broader one.</Empty>
      ) : (
        <Preview people={data.preview} found={data.found} />
      )}
    </section>
  )
}

/** As many people as one list takes. */
export const mostPeople = 50_000

function inWords({ found, usable, estimate }: DirectorySearch): string {
  if (found === 0) return ''
  const addresses = `${count(usable)} with an email address`
  const fresh = estimate === usable ? '' : `, ${count(estimate)} of them not counted yet in this period`
  return `${addresses}${fresh}.${found > mostPeople ? ` A list takes the first ${count(mostPeople)}.` : ''}`
}

function Preview({ people, found }: { people: DirectoryPerson[]; found: number }) {
  return (
    <>
      <h3 className="small-title">
        Preview <span className="quiet">· sample data: people who do not exist</span>
      </h3>
      <div className="table-frame">
        <table className="table found-people">
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
            {people.map((person, position) => (
              <tr key={position}>
                <td className="breakable">
                  <div className="is-strong">{person.name}</div>
                  <div className="quiet">{person.title}</div>
                </td>
                <td className="breakable">
                  <div>{person.company}</div>
                  <div className="quiet">
                    {person.industry} · {person.companySize} · {person.country}
                  </div>
                </td>
                <td className="breakable quiet wide-only">{person.email ?? 'Not known'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
