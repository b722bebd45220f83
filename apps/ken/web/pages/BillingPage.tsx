import { useSyncExternalStore } from 'react'
import { Link, useRouter } from '@tanstack/react-router'
import { BillingPage as Billing, NewVersionNotice } from '@headroom/react'
import type { UsageWire } from '@headroom/sdk'
import { faq } from '../billing/faq.tsx'
import { SendingDomains } from '../billing/SendingDomains.tsx'
import { checkoutFailed, paymentReceived, portalFailed, purchaseFailed } from '../billing/toasts.ts'
import { isStale, onNewerBuild } from '../build.ts'
import { Page } from '../parts/Page.tsx'
import { useSession } from '../session.ts'

const ledger = '/settings/billing/ledger'

/** For Admins: Headroom's page under Ken's title, with Ken's toasts, links, questions and the state of the sending domains. */
export function BillingPage() {
  const session = useSession()
  const { history } = useRouter()
  const stale = useSyncExternalStore(onNewerBuild, isStale)
  const details = ({ price }: UsageWire) => price?.monthlyCents !== 0 && <SendingDomains session={session} />
  return (
    <Page title="Billing">
      <Billing
        notices={stale && <NewVersionNotice />}
        details={details}
        faq={faq}
        onPurchaseFailure={purchaseFailed}
        onCheckoutFailure={checkoutFailed}
        onPortalFailure={portalFailed}
        onPaymentReceived={paymentReceived}
        ledgerHref={(meter) => `${ledger}?meter=${encodeURIComponent(meter)}`}
        onNavigate={(href) => history.push(href)}
        historyAside={
          <Link to={ledger} className="link">
            Open the ledger
          </Link>
        }
      />
    </Page>
  )
}
