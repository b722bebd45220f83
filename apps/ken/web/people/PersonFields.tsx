import { Field } from '../parts/Field.tsx'
import type { ApiProblem } from '../ask.ts'

/** As the server has it. */
const passwordLeast = 10

type Refusal = ApiProblem | null

export function NameField({ refusal, value }: { refusal: Refusal; value?: string }) {
  return (
    <Field label="Name" error={refusal?.fieldError('name') ?? null}>
      {(control) => (
        <input
          {...control}
          className="input"
          name="name"
          autoComplete="name"
          maxLength={100}
          defaultValue={value}
          required
        />
      )}
    </Field>
  )
}

export function EmailField({ refusal, label = 'Email' }: { refusal: Refusal; label?: string }) {
  return (
    <Field label={label} error={refusal?.fieldError('email') ?? null}>
      {(control) => (
        <input
          {...control}
          className="input"
          name="email"
          type="email"
          autoComplete="username"
          maxLength={254}
          required
        />
      )}
    </Field>
  )
}

/** One that is chosen now; `name` is what the server calls it. */
export function NewPasswordField({
  refusal,
  label = 'Password',
  name = 'password',
}: {
  refusal: Refusal
  label?: string
  name?: string
}) {
  return (
    <Field label={label} help={`At least ${passwordLeast} characters.`} error={refusal?.fieldError(name) ?? null}>
      {(control) => (
        <input
          {...control}
          className="input"
          name={name}
          type="password"
          autoComplete="new-password"
          minLength={passwordLeast}
          maxLength={200}
          required
        />
      )}
    </Field>
  )
}

/** What was refused, where no field says it. */
export function RefusalNotice({ refusal }: { refusal: Refusal }) {
  return refusal === null ? null : (
    <p className="notice is-danger" role="alert">
      {refusal.message}
    </p>
  )
}
