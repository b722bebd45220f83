import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import '../styles/ledger.css'
import { DownloadButton, LedgerFilters } from '../ledger/LedgerFilters.tsx'
import { LedgerTable } from '../ledger/LedgerTable.tsx'
import { ReceiptLookup } from '../ledger/ReceiptLookup.tsx'
import type { Filter } from '../ledger/api.ts'
import type { LedgerSearch } from '../ledger/search.ts'
import { entriesQuery } from '../ledger/queries.ts'
import { Empty } from '../parts/Empty.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Page } from '../parts/Page.tsx'
import { useSession } from '../session.ts'

const route = getRouteApi('/app/settings/billing/ledger')

/** Every change of the workspace's credits, for Admins: what, when, by whom and why. What it shows stands in its address. */
export function LedgerPage() {
  const { find, ...filter } = route.useSearch()
  const navigate = route.useNavigate()
  // From what the address says by then: two filters chosen in quick succession both hold.
  const change = (search: LedgerSearch, replace: boolean) =>
    void navigate({ search: (before) => ({ ...before, ...search }), replace, resetScroll: false })
  return (
    <Page
      title="Ledger"
      lead="Every change of your credits, newest first, with the figures after it."
      aside={
        <Link to="/settings/billing" className="link">
          Back to Billing
        </Link>
      }
    >
      <ReceiptLookup find={find} onFind={(next) => change({ find: next }, false)} />
      <section className="stack" aria-labelledby="entries-title">
        <div className="section-top">
          <h2 id="entries-title" className="section-title">
            Entries
          </h2>
          <DownloadButton filter={filter} />
        </div>
        <LedgerFilters filter={filter} onFilter={(next) => change(next, true)} />
        <Entries filter={filter} />
      </section>
    </Page>
  )
}

function Entries({ filter }: { filter: Filter }) {
  const { workspace } = useSession()
  const entries = useInfiniteQuery(entriesQuery(workspace.id, filter))
  const rows = entries.data?.pages.flatMap((page) => page.data)
  if (rows === undefined) {
    if (entries.isError) return <Failure what="The ledger" error={entries.error} onRetry={entries.refetch} />
    return <Loading what="the ledger" rows={8} height={61} />
  }
  if (rows.length === 0) {
    return (
      <Empty title="No entries">
        Nothing was booked that fits this filter. Choose another meter, change or period.
      </Empty>
    )
  }
  return (
    <>
      <LedgerTable rows={rows} caption="Ledger entries, newest first" stale={entries.isPlaceholderData} />
      {entries.isFetchNextPageError && (
        <Failure what="Older entries" error={entries.error} onRetry={entries.fetchNextPage} />
      )}
      {entries.hasNextPage && !entries.isFetchNextPageError && (
        <button
          type="button"
          className="button ledger-more"
          aria-disabled={entries.isFetchingNextPage}
          onClick={() => void (entries.isFetchingNextPage || entries.fetchNextPage())}
        >
          Show older entries
        </button>
      )}
    </>
  )
}
