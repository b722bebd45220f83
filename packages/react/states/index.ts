/** Every state of every part, in the order of the page. */
import { billingPage } from './billing-page.tsx'
import { meterExplanation } from './explanation.tsx'
import { history } from './history.tsx'
import { limitNotice, member } from './limits.tsx'
import { newVersion, payments } from './payments.tsx'
import { planCard } from './plan-card.tsx'
import { pricingTable } from './pricing.tsx'
import { purchaseDialog, purchaseList } from './purchases.tsx'
import type { StatesOf } from './state.ts'
import { work } from './work.tsx'

export const allStates: readonly StatesOf[] = [
  billingPage,
  payments,
  planCard,
  meterExplanation,
  purchaseDialog,
  pricingTable,
  purchaseList,
  work,
  history,
  limitNotice,
  member,
  newVersion,
]
