import { useRef, useState } from 'react'
import { toast } from 'sonner'
import type { Session } from '../api.ts'
import { queryClient, sessionQuery } from '../queries.ts'
import { people } from './api.ts'

type Choices = Session['notifications']
type Kind = keyof Choices

/**
 * Which mails somebody gets: shown as chosen at once, saved behind it one after the other, and put back to what is saved, with a word
 * about it, when that fails.
 */
export function useChoices(saved: Choices): [Choices, (kind: Kind, label: string, on: boolean) => void] {
  const [choices, setChoices] = useState(saved)
  const known = useRef(saved)
  const queue = useRef<Promise<void>>(Promise.resolve())
  const newest = useRef<Partial<Record<Kind, number>>>({})

  const choose = (kind: Kind, label: string, on: boolean) => {
    const turn = (newest.current[kind] ?? 0) + 1
    newest.current[kind] = turn
    setChoices((now) => ({ ...now, [kind]: on }))
    queue.current = queue.current.then(async () => {
      try {
        await people.choose(kind, on)
        known.current = { ...known.current, [kind]: on }
        queryClient.setQueryData(sessionQuery.queryKey, (data) =>
          data?.session ? { ...data, session: { ...data.session, notifications: known.current } } : data,
        )
      } catch (error) {
        toast.error(`“${label}” was not saved. ${(error as Error).message}`)
        // Another click on the same switch is still to be saved: it decides.
        if (newest.current[kind] === turn) setChoices((now) => ({ ...now, [kind]: known.current[kind] }))
      }
    })
  }
  return [choices, choose]
}
