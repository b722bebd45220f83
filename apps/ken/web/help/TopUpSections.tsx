import { Billing, Part, Section } from './Section.tsx'

/** How more is had: add-ons, and another plan. */
export function TopUpSections() {
  return (
    <>
      <Section id="topping-up">
        <p>
          If you run short of any resource before your billing period resets, you can purchase a one-time add-on without
          changing your plan.
        </p>
        <Part id="purchase-leads">
          <ol>
            <li>
              Open <Billing />.
            </li>
            <li>
              In the plan card, find the Leads meter and click <strong>Purchase Leads</strong>.
            </li>
            <li>
              In the dialog, use the + and - buttons or type a quantity directly. Leads are sold in blocks of 1,000.
              Each lead includes 4 email sends.
            </li>
            <li>
              Confirm the total shown, then click <strong>Purchase [amount]</strong> to open the Stripe checkout.
            </li>
            <li>Complete payment. Your lead balance updates as soon as the payment is confirmed.</li>
          </ol>
        </Part>
        <Part id="purchase-emails">
          <ol>
            <li>
              In the plan card, find the Emails sent meter and click <strong>Purchase Emails</strong>.
            </li>
            <li>
              Enter the number of email sends you need. Sends are sold in blocks of 4,000 (one standard sequence per
              1,000 leads).
            </li>
            <li>
              The dialog shows how many leads those sends cover. Click <strong>Purchase [amount]</strong> to proceed.
            </li>
          </ol>
        </Part>
        <Part id="purchase-ai-credits">
          <ol>
            <li>
              In the plan card, find the AI campaigns created meter and click <strong>Purchase AI Credits</strong>.
            </li>
            <li>Enter the number of AI credits. AI credits are priced at a flat $5 each.</li>
            <li>
              Click <strong>Purchase [amount]</strong> to complete the checkout.
            </li>
          </ol>
        </Part>
      </Section>
      <Section id="managing-plan">
        <p>
          To change your subscription - upgrade, downgrade, or cancel - click <strong>Manage Plan</strong> in the
          top-right of the plan card. This opens the Stripe customer portal in a new tab, where you can change your
          billing interval, update your payment method, or cancel.
        </p>
        <p>
          Upgrades take effect immediately. Downgrades and cancellations apply at the end of the current billing period,
          so your active campaigns are never interrupted mid-cycle.
        </p>
      </Section>
    </>
  )
}
