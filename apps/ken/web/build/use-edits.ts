import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { buildsApi, type BuildEdits } from './api.ts'
import { keepBuild } from './queries.ts'

/** What becomes of what a person typed: nothing new, on its way, kept, or not kept and why. */
export type EditsState =
  { is: 'untouched' } | { is: 'saving' } | { is: 'saved' } | { is: 'wrong' } | { is: 'failed'; error: Error }

export interface Edits {
  state: EditsState
  /** Takes an edit; it is sent when typing pauses. `wrong` says why it cannot be kept as it is: then it waits for a better one. */
  edit: <Key extends keyof BuildEdits>(key: Key, value: NonNullable<BuildEdits[Key]>, wrong?: string | null) => void
  /** Sends what waits. Rejects when something typed is wrong or could not be kept: nothing may read the build then. */
  flush: () => Promise<void>
  /** What was wrong is no longer shown, so nobody can put it right: it stands in nothing's way. */
  forgetWrong: () => void
}

const pauseMs = 700

/** The edits of one build, sent one after the other and never twice at once. What is left when the page goes is sent then. */
export function useEdits(id: string): Edits {
  const [state, setState] = useState<EditsState>({ is: 'untouched' })
  const waiting = useRef<BuildEdits>({})
  const wrongs = useRef(new Map<keyof BuildEdits, string>())
  const sending = useRef<Promise<void>>(Promise.resolve())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const send = useCallback((): Promise<void> => {
    clearTimeout(timer.current)
    const turn = async () => {
      const edits = waiting.current
      if (Object.keys(edits).length === 0) return
      waiting.current = {}
      setState({ is: 'saving' })
      try {
        keepBuild(await buildsApi.edit(id, edits))
        setState({ is: wrongs.current.size > 0 ? 'wrong' : 'saved' })
      } catch (error) {
        // What was typed since is newer than what failed.
        waiting.current = { ...edits, ...waiting.current }
        setState({ is: 'failed', error: error as Error })
        throw error
      }
    }
    const sent = sending.current.catch(() => undefined).then(turn)
    sending.current = sent
    return sent
  }, [id])

  const later = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void send().catch(() => undefined), pauseMs)
  }, [send])

  const edit = useCallback<Edits['edit']>(
    (key, value, wrong = null) => {
      if (wrong !== null) {
        wrongs.current.set(key, wrong)
        const { [key]: _dropped, ...rest } = waiting.current
        waiting.current = rest
        setState({ is: 'wrong' })
        return
      }
      wrongs.current.delete(key)
      waiting.current = { ...waiting.current, [key]: value }
      setState({ is: 'saving' })
      later()
    },
    [later],
  )

  const flush = useCallback(async () => {
    const [wrong] = wrongs.current.values()
    if (wrong !== undefined) throw new Error(wrong)
    await send()
  }, [send])

  const forgetWrong = useCallback(() => {
    wrongs.current.clear()
    setState((now) => (now.is === 'wrong' ? { is: 'untouched' } : now))
  }, [])

  useEffect(() => () => void send().catch(() => undefined), [send])

  return useMemo(() => ({ state, edit, flush, forgetWrong }), [state, edit, flush, forgetWrong])
}
