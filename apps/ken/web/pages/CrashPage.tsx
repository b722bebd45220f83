import { useEffect } from 'react'
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
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
      <Failure what="This page" error={error instanceof Error ? error : new Error(String(error))} onRetry={retry} />
    </main>
  )
}
