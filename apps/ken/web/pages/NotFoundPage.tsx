import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LonePage } from '../people/LonePage.tsx'
import { sessionQuery } from '../queries.ts'

/** No page at this address; the way on is where the reader can go, signed in or not. */
export function NotFoundPage() {
  const { data } = useQuery(sessionQuery)
  return (
    <LonePage title="Page not found">
      <p>There is no page at this address. It may have been moved, or the link may be incomplete.</p>
      {data?.session === null ? (
        <Link to="/login" className="button is-primary">
          Sign in
        </Link>
      ) : (
        <Link to="/campaigns" className="button is-primary">
          Go to campaigns
        </Link>
      )}
      <Link to="/help/usage-credits-and-limits" className="link">
        Help
      </Link>
    </LonePage>
  )
}
