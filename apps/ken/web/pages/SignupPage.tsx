import { Page } from '../parts/Page.tsx'

export function SignupPage() {
  return <Page title="Create a workspace">{null}</Page>
}
