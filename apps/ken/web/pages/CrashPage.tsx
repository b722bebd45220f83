import { useEffect } from 'react'
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { ApiProblem } from '../ask.ts'
import { Failure } from '../parts/Failure.tsx'

/** Stands in for a page that could not be drawn at all, most often because Ken cannot be reached. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  useEffect(() => {
    document.title = 'Not available · Ken'
  }, [])
  const retry = async () => {
    await router.invalidate()
    reset()
  }
  return (
    <main className="lone">
      <h1 className="page-title">Ken</h1>
      <Failure what="This page" error={reasonOf(error)} onRetry={retry} />
      {/* Loaded anew: what broke this page may be in it. */}
      <p>
        Does it stay?{' '}
        <a href="/help/usage-credits-and-limits" className="link">
          Help
        </a>{' '}
        ·{' '}
        <a href="/help/contact" className="link">
          Contact us
        </a>
      </p>
    </main>
  )
}

/** In words for people: what a server says is; what a browser says of a page that broke is not. */
function reasonOf(error: unknown): Error {
  if (error instanceof ApiProblem) return error
  const lostPart = /dynamically imported module|importing a module/i.test(String(error))
  return new Error(
    lostPart
      ? 'A part of the page could not be fetched. Check your connection, then try again.'
      : 'It broke while it was drawn in this browser. What was saved before stands.',
  )
}
