import { filledIn, type Person } from './placeholders.ts'

/** A mail as this person would read it. */
export function StepPreview({ subject, body, person }: { subject: string; body: string; person: Person }) {
  return (
    <div className="preview">
      <p className="preview-subject breakable">{filledIn(subject, person) || '(no subject)'}</p>
      <p className="preview-body breakable">{filledIn(body, person) || '(no text)'}</p>
      <p className="preview-foot">A link to unsubscribe stands under every mail.</p>
    </div>
  )
}
