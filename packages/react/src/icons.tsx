/** Drawn, so that no font has to have them. None of them says anything the words beside it do not. */

export function NewTabIcon() {
  return (
    <svg className="hr-icon" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d="M3 9 9 3M4 3h5v5" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  )
}

export function CheckIcon() {
  return (
    <svg className="hr-icon" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d="m2 6.5 2.5 2.5L10 3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  )
}
