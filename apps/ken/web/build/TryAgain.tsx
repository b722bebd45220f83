import { useMutation } from '@tanstack/react-query'
import { toast } from 'sonner'
import { buildsApi, type Build } from './api.ts'
import { keepBuild } from './queries.ts'

/** Has the builder do the step again that did not succeed. */
export function TryAgain({ build }: { build: Build }) {
  const again = useMutation({
    mutationFn: () => buildsApi.redo(build.id, build.step),
    onSuccess: keepBuild,
    onError: (error) => toast.error(`It was not tried again. ${error.message}`),
  })
  return (
    <button
      type="button"
      className="button"
      aria-disabled={again.isPending}
      onClick={() => {
        if (!again.isPending) again.mutate()
      }}
    >
      Try again
    </button>
  )
}
