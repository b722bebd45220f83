import type { ReactNode } from 'react'
import { Link } from '@tanstack/react-router'
import { titleOf, type HeadingId } from './contents.ts'

/** A section under its heading, which is an anchor. */
export function Section({ id, children }: { id: HeadingId; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="help-section">
      <h2 id={id}>{titleOf(id)}</h2>
      {children}
    </section>
  )
}

/** A section of a section. */
export function Part({ id, children }: { id: HeadingId; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="help-section">
      <h3 id={id}>{titleOf(id)}</h3>
      {children}
    </section>
  )
}

/** The place the article speaks of most; who is signed out signs in first, and who is no Admin lands on Profile. */
export function Billing() {
  return (
    <Link to="/settings/billing" className="link">
      Settings &gt; Billing
    </Link>
  )
}
