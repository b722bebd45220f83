import { Field } from '../parts/Field.tsx'

/** A text of some lines that may not be empty. */
export function TextField({
  label,
  help,
  value,
  rows,
  most,
  empty,
  onChange,
}: {
  label: string
  help?: string
  value: string
  rows: number
  most: number
  /** What is said when nothing is left. */
  empty: string
  onChange: (value: string) => void
}) {
  return (
    <Field label={label} error={value.trim() === '' ? empty : null} {...(help !== undefined && { help })}>
      {(control) => (
        <textarea
          {...control}
          className="input build-text"
          rows={rows}
          maxLength={most}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

/** Sentences, one to a line. What is typed stays as it is while typing; empty lines mean nothing. */
export function PointsField({
  label,
  value,
  most,
  onChange,
}: {
  label: string
  value: string
  most: number
  onChange: (value: string) => void
}) {
  return (
    <Field label={label} help="One to a line.">
      {(control) => (
        <textarea
          {...control}
          className="input build-text"
          rows={Math.max(3, value.split('\n').length)}
          maxLength={most}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

export const pointsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
