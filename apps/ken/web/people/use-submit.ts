import { useEffect, useRef, useState, type FormEvent } from 'react'
import { ApiProblem } from '../ask.ts'

/**
 * A form that is sent once at a time: `busy` while it is under way, `refusal` when it was refused. Where a field is what is wrong, the
 * focus goes there.
 */
export function useSubmit(send: (form: FormData) => Promise<void>): {
  busy: boolean
  refusal: ApiProblem | null
  submit: (event: FormEvent<HTMLFormElement>) => void
  clear: () => void
} {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<ApiProblem | null>(null)
  const sending = useRef(false)
  const sent = useRef<HTMLFormElement>(null)

  // After the fields say that they are wrong, however long a busy browser takes to draw them.
  useEffect(() => {
    if (refusal !== null) sent.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [refusal])

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (sending.current) return
    sending.current = true
    sent.current = event.currentTarget
    setBusy(true)
    setRefusal(null)
    send(new FormData(event.currentTarget))
      .catch((error: unknown) => {
        setRefusal(error instanceof ApiProblem ? error : new ApiProblem(0, 'unknown', (error as Error).message))
      })
      .finally(() => {
        sending.current = false
        setBusy(false)
      })
  }
  return { busy, refusal, submit, clear: () => setRefusal(null) }
}
