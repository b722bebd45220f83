import { Page } from '../parts/Page.tsx'

export function BuildPage() {
  return <Page title="Create with AI">{null}</Page>
}
