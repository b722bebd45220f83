import { useIsMutating, useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { toast } from 'sonner'
import { queryClient } from '../queries.ts'
import { buildsApi, type Build } from './api.ts'
import { buildQuery, keepBuild } from './queries.ts'

const finishing = (id: string) => ['build', id, 'finish']

/** Whether this build is being completed from this page. */
export const useIsFinishing = (id: string) => useIsMutating({ mutationKey: finishing(id) }) > 0

/**
 * Completes a build and goes on at its campaign, saying what became of the credit. `before`: what has to be kept first. The answer and
 * the stream of the build both say when it is completed; the first of them is enough.
 */
export function useFinish(id: string, before: () => Promise<void> = () => Promise.resolve()) {
  const navigate = useNavigate()
  return useMutation({
    mutationKey: finishing(id),
    mutationFn: async () => {
      await before()
      const heard = new AbortController()
      return Promise.race([buildsApi.complete(id), completion(id, heard.signal)]).finally(() => heard.abort())
    },
    onSuccess: async ({ build, campaignId }) => {
      keepBuild(build)
      void queryClient.invalidateQueries({ queryKey: ['builds'] })
      void queryClient.invalidateQueries({ queryKey: ['campaigns'] })
      if (build.notice === null) toast.success(`“${build.name}” is ready. 1 AI credit was used.`)
      else toast.warning(build.notice.text)
      await navigate({ to: '/campaigns/$campaignId', params: { campaignId } })
    },
  })
}

/** The build as the stream brings it, once it is completed. */
const completion = (id: string, unheard: AbortSignal) =>
  new Promise<{ build: Build; campaignId: string }>((resolve) => {
    const look = () => {
      const build = queryClient.getQueryData(buildQuery(id).queryKey)
      if (build?.state === 'completed' && build.campaignId !== null) resolve({ build, campaignId: build.campaignId })
    }
    unheard.addEventListener('abort', queryClient.getQueryCache().subscribe(look))
  })
