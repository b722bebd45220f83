import { post } from '../ask.ts'
import { Field } from '../parts/Field.tsx'
import { typed } from '../parts/typed.ts'
import { EmailField, NameField, RefusalNotice } from '../people/PersonFields.tsx'
import { useSubmit } from '../people/use-submit.ts'

interface ContactFormProps {
  /** Who is signed in; others say who they are. */
  user: { name: string; email: string } | null
  /** Told where the answer will go. */
  onSent: (answerTo: string) => void
}

/** A message, and what it is about where that is a payment. */
export function ContactForm({ user, onSent }: ContactFormProps) {
  const { busy, refusal, submit } = useSubmit(async (form) => {
    const said = (name: string) => typed(form, name).trim()
    const receipt = said('receipt')
    const { answerTo } = await post<{ answerTo: string }>('/api/contact', {
      message: said('message'),
      ...(receipt !== '' && { receipt }),
      ...(user === null && { name: said('name'), email: said('email') }),
    })
    onSent(answerTo)
  })
  const isField = ['message', 'receipt', 'name', 'email'].some((name) => refusal?.fieldError(name) != null)
  return (
    <form noValidate onSubmit={submit}>
      {!isField && <RefusalNotice refusal={refusal} />}
      {user === null ? (
        <>
          <NameField refusal={refusal} />
          <EmailField refusal={refusal} />
        </>
      ) : (
        <p className="quiet breakable">
          You write as {user.name}. We answer to {user.email}.
        </p>
      )}
      <Field label="Message" error={refusal?.fieldError('message') ?? null}>
        {(control) => <textarea {...control} className="input" name="message" rows={7} maxLength={5_000} required />}
      </Field>
      <Field
        label="Receipt or purchase id (optional)"
        help="Where it is about a payment: the receipt number stands in Stripe’s mail and on the Billing page."
        error={refusal?.fieldError('receipt') ?? null}
      >
        {(control) => <input {...control} className="input" name="receipt" autoComplete="off" maxLength={255} />}
      </Field>
      <button type="submit" className="button is-primary" aria-disabled={busy}>
        {busy ? 'Sending' : 'Send message'}
      </button>
    </form>
  )
}
