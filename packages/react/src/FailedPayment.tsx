export interface FailedPaymentProps {
  /** What was to be bought, in words. */
  what: string
  onDismiss: () => void
}

/** A payment that was being confirmed did not go through, as a bank debit can days later: what that means, and what to do. */
export function FailedPayment({ what, onDismiss }: FailedPaymentProps) {
  return (
    <div className="hr-notice" data-kind="danger" role="status">
      <div>
        <p className="hr-notice-title">The payment for {what} did not go through.</p>
        <p>Nothing was charged or credited. You can buy it again below.</p>
      </div>
      <button type="button" className="hr-button" onClick={onDismiss}>
        Dismiss
      </button>
    </div>
  )
}
