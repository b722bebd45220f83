import { Page } from '../parts/Page.tsx'

export function UsersPage() {
  return <Page title="Users">{null}</Page>
}
