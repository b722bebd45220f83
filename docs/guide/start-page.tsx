import { HeadroomProvider, PlanCard } from '@headroom/react'
import '@headroom/react/styles.css'
import { Headroom } from '@headroom/sdk'

const client = new Headroom({
  baseUrl: '',
  async getToken() {
    const response = await fetch('/api/headroom-token', { method: 'POST' })
    return ((await response.json()) as { token: string }).token
  },
})

export function BillingPage({ workspace }: { workspace: string }) {
  return (
    <HeadroomProvider client={client} workspace={workspace}>
      <PlanCard manage={<a href="/plans">Manage Plan</a>} />
    </HeadroomProvider>
  )
}
