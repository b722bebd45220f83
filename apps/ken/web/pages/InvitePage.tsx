import { Page } from '../parts/Page.tsx'

export function InvitePage() {
  return <Page title="Invitation">{null}</Page>
}
