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
  onChange,
}: {
  label: string
  value: string
  onChange: (value: string) => void
}) {
  return (
    <Field label={label} help="One to a line." error={pointsFault(value)}>
      {(control) => (
        <textarea
          {...control}
          className="input build-text"
          rows={Math.max(3, value.split('\n').length)}
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

const most = { points: 12, length: 300 }

/** What is wrong with these lines, in words that stand under them; null where nothing is. */
export function pointsFault(text: string): string | null {
  const points = pointsOf(text)
  if (points.length === 0) return 'Write at least one line.'
  if (points.length > most.points) return `At most ${most.points} lines.`
  const long = points.findIndex((point) => point.length > most.length)
  return long === -1 ? null : `Line ${long + 1} is longer than ${most.length} characters.`
}
