import { useEffect } from 'react'
import { Link } from '@tanstack/react-router'

export function NotFoundPage() {
  useEffect(() => {
    document.title = 'Page not found · Ken'
  }, [])
  return (
    <main className="lone">
      <h1 className="page-title">Page not found</h1>
      <p>There is no page at this address. It may have been moved, or the link may be incomplete.</p>
      <Link to="/campaigns" className="button is-primary">
        Go to campaigns
      </Link>
      <Link to="/help/usage-credits-and-limits" className="link">
        Help
      </Link>
    </main>
  )
}
