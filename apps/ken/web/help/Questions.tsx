import { Section } from './Section.tsx'

const questions: [question: string, answer: string][] = [
  [
    'Do my unused leads or credits roll over at the end of the billing period?',
    'No. Your allowance resets at the start of each billing period. Unused leads, email sends, and AI credits from the previous period do not carry forward. If you need more before the reset, purchase a one-time add-on at any time.',
  ],
  [
    'Why does my remaining balance look lower than my limit minus what I’ve used?',
    'The platform reserves credits at the start of an import to prevent over-commitment. Reserved credits are subtracted from your available balance while the import is running. Once the import completes, the reservation is released and replaced by the actual usage count.',
  ],
  [
    'What counts as one lead?',
    'A lead is one contact that passed AI qualification and has a verified deliverable email. Profiles you search or import that do not pass qualification, or for which no valid email was found, do not count against your lead balance.',
  ],
  [
    'I’m on an annual plan - do I get all my leads upfront?',
    'No. Annual billing reduces your monthly price by 20%, but your contact allowance still releases each billing period rather than all at once at the start of the year.',
  ],
  [
    'Can I share credits across multiple users?',
    'Yes. Credits are shared at the workspace level - all users in your workspace draw from the same pool of leads, email sends, and AI credits.',
  ],
  [
    'What happens to active campaigns if I hit a limit mid-send?',
    'Campaigns that are already running are not interrupted. The limit applies to starting new imports or new AI builds. If your send infrastructure runs out of scheduled sends, contact your CSM.',
  ],
]

export function Questions() {
  return (
    <Section id="faq">
      {questions.map(([question, answer]) => (
        <section key={question} className="help-section">
          <h3>{question}</h3>
          <p>{answer}</p>
        </section>
      ))}
    </Section>
  )
}
