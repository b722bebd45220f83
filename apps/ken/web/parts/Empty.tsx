import type { ReactNode } from 'react'

/** Nothing here yet: what this place is for and the next step. */
export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <h2 className="empty-title">{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  )
}
