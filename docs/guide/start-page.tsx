import { BillingPage, HeadroomProvider } from '@headroom/react'
import '@headroom/react/styles.css'
import { Headroom } from '@headroom/sdk'

const client = new Headroom({
  baseUrl: '',
  async getToken() {
    const response = await fetch('/api/headroom-token', { method: 'POST' })
    return ((await response.json()) as { token: string }).token
  },
})

export function Billing({ workspace }: { workspace: string }) {
  return (
    <HeadroomProvider client={client} workspace={workspace}>
      <h1>Billing</h1>
      <BillingPage
        onPurchaseFailure={() => alert('Could not start the add-on purchase. Please try again.')}
        onPaymentReceived={() => alert('Payment received. Your plan is being updated.')}
      />
    </HeadroomProvider>
  )
}
