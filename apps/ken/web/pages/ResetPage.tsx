import { Page } from '../parts/Page.tsx'

export function ResetPage() {
  return <Page title="New password">{null}</Page>
}
