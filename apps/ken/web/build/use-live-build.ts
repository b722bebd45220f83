import { useEffect, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { queryClient } from '../queries.ts'
import { buildsApi, type Build } from './api.ts'
import { buildQuery, keepBuild } from './queries.ts'

/**
 * A build as it stands now: pushed by the server while it is active, asked for behind that when the stream is down. `stale`: neither
 * works, what is shown may be old.
 */
export function useLiveBuild(first: Build): { build: Build; stale: boolean } {
  const [streaming, setStreaming] = useState(false)
  const { data, isError } = useQuery({
    ...buildQuery(first.id),
    initialData: first,
    staleTime: Infinity,
    refetchInterval: ({ state: { data: now } }) => {
      const { state, working } = now ?? first
      if (state !== 'active') return false
      return streaming ? 15_000 : working === null ? 5_000 : 1_500
    },
  })
  const { id, state, step, name } = data
  const active = state === 'active'

  useEffect(() => {
    if (!active) return
    const source = new EventSource(buildsApi.events(id))
    const take = (event: MessageEvent<string>) => keepBuild(JSON.parse(event.data) as Build)
    source.addEventListener('open', () => setStreaming(true))
    source.addEventListener('error', () => setStreaming(false))
    source.addEventListener('build', take)
    return () => {
      source.close()
      setStreaming(false)
    }
  }, [active, id])

  useEffect(() => {
    // The lists of builds say where each one stands.
    void queryClient.invalidateQueries({ queryKey: ['builds'] })
  }, [state, step, name])

  return { build: data, stale: active && isError && !streaming }
}
