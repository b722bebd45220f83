/** The Billing page in parts: React 19, plain CSS (`@headroom/react/styles.css`), no router and no query library. */
export {
  HeadroomProvider,
  useCatalog,
  useUsage,
  type HeadroomClient,
  type HeadroomProviderProps,
} from './HeadroomProvider.tsx'
export { BillingPage, type BillingPageProps } from './BillingPage.tsx'
export { billingFaq, Faq, type FaqItem } from './Faq.tsx'
export { ConfirmingPayment, type ConfirmingPaymentProps } from './ConfirmingPayment.tsx'
export { FailedPayment, type FailedPaymentProps } from './FailedPayment.tsx'
export { LimitNotice, type LimitNoticeProps } from './LimitNotice.tsx'
export { ManagePlanButton } from './ManagePlanButton.tsx'
export {
  MeterExplanation,
  MeterExplanationView,
  type MeterExplanationProps,
  type MeterExplanationViewProps,
} from './MeterExplanation.tsx'
export { NewVersionNotice } from './NewVersionNotice.tsx'
export { PageLink, type PageLinkProps } from './PageLink.tsx'
export { PaymentsOnTheirWay, type PaymentsOnTheirWayProps } from './PaymentsOnTheirWay.tsx'
export { PlanDetail, type PlanDetailProps } from './PlanDetail.tsx'
export { PlanCard, PlanCardView, type MeterNotes, type PlanCardSlots } from './PlanCard.tsx'
export { PlanPrice } from './PlanPrice.tsx'
export { PricingTable, PricingTableView, type PricingTableProps, type PricingTableViewProps } from './PricingTable.tsx'
export { PurchaseButton, type PurchaseButtonProps } from './PurchaseButton.tsx'
export { PurchaseDialog, type PurchaseDialogProps } from './PurchaseDialog.tsx'
export { PurchaseList, PurchaseListView, type PurchaseListViewProps } from './PurchaseList.tsx'
export { ReservationList, ReservationListView } from './ReservationList.tsx'
export { UsageHistory, UsageHistoryView, type UsageHistoryViewProps } from './UsageHistory.tsx'
export { UsageMeter, type UsageMeterProps } from './UsageMeter.tsx'
export { useCheckout, type Checkout, type CheckoutOptions } from './use-checkout.ts'
export { isNewlyPaid, outcomeOf, useCheckoutReturn, type CheckoutReturn } from './use-checkout-return.ts'
export { useEntries, useExplanation } from './use-explanation.ts'
export { useHistory } from './use-history.ts'
export { usePaymentReturn, type PaymentReturnOptions } from './use-payment-return.ts'
export { usePortal, type PortalOptions } from './use-portal.ts'
export { usePurchases, type PurchasesState } from './use-purchases.ts'
export { useReservations, type ReservationsState } from './use-reservations.ts'
export type { Answer } from './use-answer.ts'
export type { CatalogState } from './catalog-load.ts'
export type { UsageState } from './usage-feed.ts'
export type { MeterFigures } from './meter-words.ts'
export { afterText, entryText } from './ledger-words.ts'
export { day, instant, shortDay, timeOfDay } from './instants.ts'
export { exactMoney, money } from './money.ts'
export { isConfirming, stateWords, whatText, type StateWords } from './purchase-words.ts'
export { counted, number, wordFor, type Counted } from './numbers.ts'
