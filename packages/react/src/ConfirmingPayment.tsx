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
  /** It could not even be asked whether a payment was made. */
  unreachable?: boolean
}

/** A payment was made and is not confirmed yet: calm at first, after three minutes with what to give to support. */
export function ConfirmingPayment({ sinceMs, receipt, what, unreachable = false }: ConfirmingPaymentProps) {
  const isLong = useHasPassed(sinceMs + patienceMs)
  const { title, text } = unreachable ? notAsked : confirming
  return (
    <div className="hr-notice" data-kind={isLong ? 'warn' : 'calm'} role="status">
      <div>
        <p className="hr-notice-title">{isLong ? 'Still waiting for Stripe' : title}</p>
        {what !== undefined && <p>{what}</p>}
        <p>
          {isLong ? 'Contact support with this receipt: ' : text}
          {isLong && <code className="hr-receipt">{receipt}</code>}
        </p>
      </div>
    </div>
  )
}

const confirming = {
  title: 'Payment is being confirmed…',
  text: 'The meters update by themselves as soon as it is.',
}

const notAsked = {
  title: 'Stripe cannot be reached just now',
  text: 'We keep trying by ourselves. A payment is not lost by this.',
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
