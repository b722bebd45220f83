import { useEffect, useState } from 'react'

/** After this long without word of a payment the person is told what to do (decisions §10). */
const patienceMs = 180_000

export interface ConfirmingPaymentProps {
  /** Since when it is waited for, in milliseconds as of Date.now(). */
  sinceMs: number
  /** What support finds the payment by. */
  receipt: string
  /** What was bought, in words. */
  what?: string
}

/** A payment was made and is not confirmed yet: calm at first, after three minutes with what to give to support. */
export function ConfirmingPayment({ sinceMs, receipt, what }: ConfirmingPaymentProps) {
  const isLong = useHasPassed(sinceMs + patienceMs)
  return (
    <div className="hr-notice" data-kind={isLong ? 'warn' : 'calm'} role="status">
      <div>
        <p className="hr-notice-title">{isLong ? 'Still waiting for Stripe' : 'Payment is being confirmed…'}</p>
        {what !== undefined && <p>{what}</p>}
        <p>
          {isLong
            ? 'If it does not arrive, contact support with this receipt: '
            : 'The meters update by themselves as soon as it is.'}
          {isLong && <code className="hr-receipt">{receipt}</code>}
        </p>
      </div>
    </div>
  )
}

function useHasPassed(atMs: number): boolean {
  const [passed, setPassed] = useState(() => Date.now() >= atMs)
  useEffect(() => {
    const look = () => setPassed(Date.now() >= atMs)
    look()
    // Looked at now and then rather than once: a computer that slept is past it at once.
    const timer = setInterval(look, 1_000)
    return () => clearInterval(timer)
  }, [atMs])
  return passed
}
