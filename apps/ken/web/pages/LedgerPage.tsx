import { Page } from '../parts/Page.tsx'

export function LedgerPage() {
  return <Page title="Ledger">{null}</Page>
}
