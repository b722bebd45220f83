import type { ReactNode } from 'react'
import { Link } from '@tanstack/react-router'
import { Billing, Section } from './Section.tsx'

interface Symptom {
  title: string
  /** Likely cause, what to check, how to fix, a note: in the order they are read. */
  advice: [label: string, text: ReactNode][]
}

const contact = (
  <Link to="/help/contact" className="link">
    contact support
  </Link>
)

const symptoms: Symptom[] = [
  {
    title: '“X leads left - Upgrade plan” or “X leads left - Buy credits” appears inline in the campaign wizard.',
    advice: [
      ['Likely cause', 'remaining credits for that metric are below the cost of the action.'],
      [
        'What to check',
        <>
          open <Billing /> and compare the meter totals. If the plan type is Free or Starter, the CTA says “Upgrade
          plan”; on Growth or DFY it says “Buy credits”.
        </>,
      ],
      [
        'How to fix',
        'purchase more of the relevant resource, or ask your Admin to do so. Alternatively, reduce the target contact count for the campaign.',
      ],
    ],
  },
  {
    title: 'The import is capped lower than the estimated result count.',
    advice: [
      [
        'Likely cause',
        'the import limit is capped at min(estimatedCount, remainingLeadCredits) on non-unlimited plans. The platform will not let you import more leads than your current balance allows.',
      ],
      [
        'What to check',
        'look at the Leads meter. If the remaining figure is less than your import target, that is the cap.',
      ],
      ['How to fix', 'purchase more leads before re-running the import.'],
    ],
  },
  {
    title: 'The Billing page shows $0 / month or a “Predicted” label.',
    advice: [
      [
        'Likely cause',
        'the actual billed amount could not be read from Stripe. This can happen if the subscription was just created, if there is a temporary connectivity issue, or if the org has no paid Stripe subscription.',
      ],
      [
        'What to check',
        'try refreshing the page. If the label persists, verify the subscription status in the Stripe customer portal (click Manage Plan).',
      ],
      [
        'Note',
        '“Predicted” means the figure is computed from your plan’s catalog price and contact volume. It is a best-effort estimate - your real invoice may differ if discounts, prorations, or add-ons are in effect.',
      ],
    ],
  },
  {
    title: 'The Billing page redirects to the Profile page.',
    advice: [
      ['Likely cause', 'your workspace role is Editor or Member. Billing is Admin-only.'],
      [
        'How to fix',
        <>
          ask an Admin on your workspace to check the Billing page, or to upgrade your role. The Admins are named in{' '}
          <Link to="/settings/users" className="link">
            Settings &gt; Users
          </Link>
          .
        </>,
      ],
    ],
  },
  {
    title: 'The “Purchase [amount]” button triggers a toast: “Could not start the add-on purchase. Please try again.”',
    advice: [
      [
        'Likely cause',
        'the checkout Server Action returned an error, often because the page was loaded before a recent deploy and the action handler is stale.',
      ],
      [
        'How to fix',
        <>
          hard-refresh the page (Cmd+Shift+R / Ctrl+Shift+R) and try again. If the error persists, check your network
          connection, then {contact}.
        </>,
      ],
    ],
  },
  {
    title: 'After completing payment at Stripe, the meter does not update.',
    advice: [
      [
        'Likely cause',
        'Stripe webhook processing has a short delay. The page also shows a “Payment received. Your plan is being updated.” toast on return from a successful checkout, which fires once.',
      ],
      [
        'What to check',
        <>
          wait a few seconds and refresh the page. If the meter still does not update after 2-3 minutes, {contact} with
          your Stripe receipt.
        </>,
      ],
    ],
  },
  {
    title: 'The “Manage Plan” button does nothing or shows a portal error.',
    advice: [
      ['Likely cause', 'the portal Session Action failed, often from a stale page after a deploy.'],
      ['How to fix', 'hard-refresh the page and try again.'],
    ],
  },
  {
    title: 'Usage meters show 0/0 for all three resources.',
    advice: [
      [
        'Likely cause',
        'the billing backend did not return a subscription object. The page renders in its empty/Free fallback state.',
      ],
      [
        'What to check',
        'check browser network tab for the subscription fetch - look for a failed call to the billing API. If there is a 5xx error, this is a backend availability issue.',
      ],
    ],
  },
]

export function Troubleshooting() {
  return (
    <Section id="troubleshooting">
      {symptoms.map(({ title, advice }) => (
        <section key={title} className="help-symptom">
          <h3>Symptom: {title}</h3>
          <ul>
            {advice.map(([label, text]) => (
              <li key={label}>
                <strong>{label}:</strong> {text}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Section>
  )
}
