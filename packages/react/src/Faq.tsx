import type { ReactNode } from 'react'

export interface FaqItem {
  question: string
  answer: ReactNode
}

/** Questions that open to their answers. */
export function Faq({ items }: { items: readonly FaqItem[] }) {
  return (
    <div className="hr-faq">
      {items.map(({ question, answer }) => (
        <details key={question} className="hr-faq-item">
          <summary>{question}</summary>
          <div className="hr-faq-answer">{typeof answer === 'string' ? <p>{answer}</p> : answer}</div>
        </details>
      ))}
    </div>
  )
}

/** What holds for every product that is metered with Headroom; your own questions go with them or in their place. */
export const billingFaq: readonly FaqItem[] = [
  {
    question: 'Do unused credits roll over at the end of the billing period?',
    answer:
      'No. Your allowance resets at the start of each billing period, and what was not used does not carry forward. If you need more before the reset, purchase a one-time add-on at any time.',
  },
  {
    question: 'Why does my remaining balance look lower than my limit minus what I’ve used?',
    answer:
      'Work in progress reserves credits when it starts, to prevent over-commitment. Reserved credits are subtracted from what is available while it runs. When it is done, the reservation is released and replaced by what was really used.',
  },
  {
    question: 'I’m on an annual plan - do I get everything upfront?',
    answer:
      'No. Paying yearly lowers the price; the allowance still releases each billing period rather than all at once at the start of the year.',
  },
  {
    question: 'How do I change or cancel my plan?',
    answer:
      'With Manage Plan, at the top of this page. Upgrades take effect immediately. Downgrades and cancellations apply at the end of what is paid, so running work is never interrupted.',
  },
  {
    question: 'Can I share credits across multiple users?',
    answer: 'Yes. Credits belong to the workspace: everyone in it draws from the same pool.',
  },
]
