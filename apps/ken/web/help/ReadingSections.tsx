import { Link } from '@tanstack/react-router'
import { Billing, Section } from './Section.tsx'

/** What there is and where it stands. */
export function ReadingSections() {
  return (
    <>
      <Section id="overview">
        <p>
          Ken AI tracks usage across three metered resources: leads, email sends, and AI campaigns. Each has a limit set
          by your plan. When you approach or hit a limit, actions that would exceed it are blocked inline - with a link
          back to Settings so you can top up.
        </p>
        <p>
          To see your current usage, open <Billing /> in the sidebar. Your live meters are at the top of the page in the
          plan card.
        </p>
      </Section>
      <Section id="before-you-start">
        <p>
          The Billing page is visible only to workspace Admins. Editors and Members are redirected to their{' '}
          <Link to="/settings/profile" className="link">
            Profile
          </Link>{' '}
          settings if they navigate directly to /settings/billing.
        </p>
        <p>If you are not an Admin and need more credits, ask your Admin to purchase them from the Billing page.</p>
      </Section>
      <Section id="reading-meters">
        <p>
          Open <Billing />. The card at the top of the page shows your current plan, your monthly price, and three
          progress bars:
        </p>
        <ul>
          <li>
            <strong>Emails sent</strong> - the number of outbound emails sent this billing period, out of your plan’s
            monthly allowance.
          </li>
          <li>
            <strong>Leads</strong> - contacts that are both qualified and have a valid email, charged against your
            monthly lead allowance.
          </li>
          <li>
            <strong>AI campaigns created</strong> - the number of campaigns built with the AI campaign builder, counted
            against your AI credit balance.
          </li>
        </ul>
        <p>
          Each bar shows the raw count and the plan total (for example, “1,200 of 5,000 leads”). When a meter has no cap
          - on plans with unlimited usage for that resource - no denominator is shown.
        </p>
        <p>
          The monthly price shown at the top right of the card is what you are actually billed by Stripe. If the exact
          figure cannot be retrieved from Stripe - for example on a new subscription that has not yet been confirmed -
          the card shows a computed estimate labelled <strong>Predicted</strong>.
        </p>
      </Section>
    </>
  )
}
