import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { toast } from 'sonner'
import { queryClient } from '../queries.ts'
import { buildsApi } from './api.ts'
import { keepBuild } from './queries.ts'

/** Completes a build and goes on at its campaign, saying what became of the credit. `before`: what has to be kept first. */
export function useFinish(id: string, before: () => Promise<void> = () => Promise.resolve()) {
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async () => {
      await before()
      return buildsApi.complete(id)
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
