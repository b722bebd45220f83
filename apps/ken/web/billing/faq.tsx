/** The questions under Billing, answered as the help page answers them. */
import { Link } from '@tanstack/react-router'
import type { FaqItem } from '@headroom/react'

export const faq: readonly FaqItem[] = [
  {
    question: 'What counts as one lead?',
    answer:
      'A lead is one contact that passed AI qualification and has a verified deliverable email. Profiles you search or import that do not pass qualification, or for which no valid email was found, do not count against your lead balance.',
  },
  {
    question: 'Do my unused leads or credits roll over at the end of the billing period?',
    answer:
      'No. Your allowance resets at the start of each billing period. Unused leads, email sends, and AI credits from the previous period do not carry forward. If you need more before the reset, purchase a one-time add-on at any time.',
  },
  {
    question: 'Why does my remaining balance look lower than my limit minus what I’ve used?',
    answer:
      'The platform reserves credits at the start of an import to prevent over-commitment. Reserved credits are subtracted from your available balance while the import is running. Once the import completes, the reservation is released and replaced by the actual usage count.',
  },
  {
    question: 'I’m on an annual plan - do I get all my leads upfront?',
    answer:
      'No. Annual billing reduces your monthly price by 20%, but your contact allowance still releases each billing period rather than all at once at the start of the year.',
  },
  {
    question: 'What are sending domains?',
    answer:
      '“Ready” means that the mails of your campaigns go out: through the mail server Ken is connected to, or in a demo into the mailbox of the app. “Pending” means that no mail server is connected yet, so they are kept in the mailbox instead of being delivered.',
  },
  {
    question: 'How do I upgrade, downgrade or cancel?',
    answer:
      'Click Manage Plan in the top-right of the plan card. Upgrades take effect immediately. Downgrades and cancellations apply at the end of the current billing period, so your active campaigns are never interrupted mid-cycle.',
  },
  {
    question: 'Can I share credits across multiple users?',
    answer:
      'Yes. Credits are shared at the workspace level - all users in your workspace draw from the same pool of leads, email sends, and AI credits.',
  },
  {
    question: 'What happens to active campaigns if I hit a limit mid-send?',
    answer: (
      <p>
        Campaigns that are already running are not interrupted. The limit applies to starting new imports or new AI
        builds. If your send infrastructure runs out of scheduled sends, contact your CSM.{' '}
        <Link to="/help/contact" className="link">
          Contact us
        </Link>
      </p>
    ),
  },
]
