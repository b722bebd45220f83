import { Page } from '../parts/Page.tsx'

export function HelpPage() {
  return <Page title="Usage, credits and limits">{null}</Page>
}
