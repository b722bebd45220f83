import { Part, Section } from './Section.tsx'

/** What counts, how what is left follows from it, and when it begins anew. */
export function HowItWorks() {
  return (
    <Section id="how-it-works">
      <Part id="three-resources">
        <p>Ken AI bills you for three things:</p>
        <p>
          <strong>Leads</strong> - one lead counts as one contact that passed qualification and has a verified email.
          Raw imports, enrichment attempts, and disqualified contacts do not count. Your plan sets how many leads you
          can accumulate per billing cycle.
        </p>
        <p>
          <strong>Email sends</strong> - each lead purchased includes 4 sends, matching a standard 4-step outbound
          sequence. If you purchase leads as an add-on, 4 sends are included automatically. You can also buy sends
          separately if you need more sends for fewer leads.
        </p>
        <p>
          <strong>AI campaigns</strong> - each time you complete an AI-built campaign it consumes one AI credit. Drafts
          that are not finished do not consume a credit. Free and lower-tier plans include a small fixed allowance;
          Growth plans include a larger pool, and additional credits can be purchased at a flat rate.
        </p>
      </Part>
      <Part id="remaining-credits">
        <p>
          The platform tracks three figures per meter: used, reserved, and limit. The credit available for a new action
          is <strong>limit - used - reserved</strong>. Reserved credits are allocated when a campaign starts importing
          leads - that reservation prevents over-commitment before the job completes. The reservation is released and
          replaced by the actual used count when the import finishes.
        </p>
        <p>
          This means the available figure shown in the UI can be slightly lower than limit - used alone while an import
          is in progress.
        </p>
      </Part>
      <Part id="unlimited">
        <p>
          On plans that grant unlimited usage for a resource, the progress bar shows only the raw count with no
          denominator, and no “buy more” prompt appears next to that meter.
        </p>
      </Part>
      <Part id="period-and-rollover">
        <p>
          Your usage allowance resets at the start of each new billing period. Credits do not carry over - unused leads,
          sends, or AI credits from one period are lost at reset. If you need more before the reset, top up with a
          one-time add-on at your plan’s per-1,000 rate.
        </p>
        <p>
          On an annual plan the price is lower (20% off), but your allowance still releases each billing period - not as
          a full-year lump sum on day one.
        </p>
      </Part>
    </Section>
  )
}
