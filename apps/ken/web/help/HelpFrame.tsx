import type { ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import '../styles/help.css'
import { sessionQuery } from '../queries.ts'
import { ThemeSwitch } from '../shell/ThemeSwitch.tsx'

/** Around every page of help: whose help it is, and the way into the app or back to it. */
export function HelpFrame({ children }: { children: ReactNode }) {
  const signedIn = useQuery(sessionQuery).data?.session
  return (
    <>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <header className="help-bar">
        <Link to="/help/usage-credits-and-limits" className="help-brand">
          <img src="/favicon.svg" alt="" width={24} height={24} />
          <span className="brand-name">Ken</span> Help
        </Link>
        {/* Until it is known who is there, nothing is offered: the button would jump. */}
        {signedIn !== undefined &&
          (signedIn === null ? (
            <Link to="/login" className="button is-small">
              Sign in
            </Link>
          ) : (
            <Link to="/campaigns" className="button is-small">
              Back to Ken
            </Link>
          ))}
      </header>
      <main id="content" className="help-content">
        {children}
      </main>
      <footer className="help-foot">
        <ThemeSwitch />
      </footer>
    </>
  )
}
