import { Page } from '../parts/Page.tsx'

export function ContactPage() {
  return <Page title="Contact us">{null}</Page>
}
