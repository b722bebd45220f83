import { useId, type ReactNode } from 'react'

/** A label, its control, and beneath it either the help or what is wrong; both are read out with the control. */
export function Field({
  label,
  help,
  error,
  children,
}: {
  label: string
  help?: ReactNode
  error?: string | null
  children: (control: {
    id: string
    'aria-describedby': string | undefined
    'aria-invalid': true | undefined
  }) => ReactNode
}) {
  const id = useId()
  const wrong = error !== undefined && error !== null
  const described = wrong ? `${id}-error` : help === undefined ? undefined : `${id}-help`
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': wrong ? true : undefined })}
      {wrong ? (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      ) : (
        help !== undefined && (
          <p id={`${id}-help`} className="field-help">
            {help}
          </p>
        )
      )}
    </div>
  )
}
