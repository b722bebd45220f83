import { useEffect, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { api, type Import } from '../api.ts'
import { active, importKey, queryClient } from '../queries.ts'

/**
 * An import as it stands now: pushed by the server while it runs, asked for behind that when the stream is down.
 * `stale`: neither works, what is shown may be old. Everything that shows its outcome is read again when it ends.
 */
export function useLiveImport(first: Import): { current: Import; stale: boolean } {
  const [streaming, setStreaming] = useState(false)
  const { data, isError } = useQuery({
    queryKey: importKey(first.id),
    queryFn: () => api.import(first.id),
    initialData: first,
    staleTime: Infinity,
    refetchInterval: (query) => (active((query.state.data ?? first).state) ? (streaming ? 10_000 : 1_500) : false),
  })
  const running = active(data.state)

  useEffect(() => {
    if (!running) return
    const source = new EventSource(api.importEvents(first.id))
    const take = (event: MessageEvent<string>) => {
      queryClient.setQueryData(importKey(first.id), JSON.parse(event.data) as Import)
    }
    source.addEventListener('open', () => setStreaming(true))
    source.addEventListener('error', () => setStreaming(false))
    source.addEventListener('message', take)
    source.addEventListener('import', take)
    return () => {
      source.close()
      setStreaming(false)
      void queryClient.invalidateQueries({ queryKey: ['campaign', first.campaignId] })
      void queryClient.invalidateQueries({ queryKey: ['contacts', first.campaignId] })
      void queryClient.invalidateQueries({ queryKey: ['campaigns'] })
    }
  }, [running, first.id, first.campaignId])

  return { current: data, stale: running && isError && !streaming }
}
