import { Page } from '../parts/Page.tsx'

export function UnsubscribePage() {
  return <Page title="Unsubscribe">{null}</Page>
}
