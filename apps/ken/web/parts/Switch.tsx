import { useId, type ReactNode } from 'react'

/** On or off, at once: what it is for, one line about it, and where it stands. */
export function Switch({
  label,
  on,
  onChange,
  children,
}: {
  label: string
  on: boolean
  onChange: (on: boolean) => void
  children: ReactNode
}) {
  const help = useId()
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={label}
      aria-describedby={help}
      className="switch"
      onClick={() => onChange(!on)}
    >
      <span>
        <span className="switch-label">{label}</span>
        <span id={help} className="switch-help">
          {children}
        </span>
      </span>
      <span className="switch-track" aria-hidden />
    </button>
  )
}
