import { useQuery } from '@tanstack/react-query'
import { count, percent } from '../numbers.ts'
import { directoryQuery } from './queries.ts'

/** The Leads Database is made when it is first needed, and says meanwhile how far it is. */
export function Preparing() {
  const { data } = useQuery(directoryQuery)
  const done = data === undefined ? 0 : percent(data.prepared, data.people)
  return (
    <div className="notice" role="status">
      <div className="preparing">
        <p className="notice-title">The Leads Database is being prepared</p>
        <p className="quiet">
          {data === undefined
            ? 'It takes some seconds, once.'
            : `${count(data.prepared)} of ${count(data.people)} people are there. It takes some seconds, once.`}
        </p>
        <div className="progress" aria-hidden>
          <div className="progress-bar" style={{ inlineSize: `${done}%` }} />
        </div>
      </div>
    </div>
  )
}
