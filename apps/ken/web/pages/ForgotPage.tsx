import { Page } from '../parts/Page.tsx'

export function ForgotPage() {
  return <Page title="Forgot password">{null}</Page>
}
