import type { VerdictWire } from '@headroom/sdk'
import { useMutation } from '@tanstack/react-query'
import { api, type Import } from '../api.ts'
import { ApiProblem } from '../ask.ts'

export interface Starting {
  start: (target: number | null) => void
  pending: boolean
  /** What may be done instead, where it was refused for want of leads. */
  refused: VerdictWire | null
  /** Why it was not started, for any other reason. */
  problem: string | null
  reset: () => void
}

/** Starts an import of what was chosen into a campaign; the campaign may still have to be made. */
export function useStart({
  uploadId,
  campaign,
  onStarted,
  onFailed,
}: {
  uploadId: string
  campaign: () => Promise<string>
  /** What is waited for before another may be started. */
  onStarted: (started: Import) => void | Promise<void>
  onFailed: () => void
}): Starting {
  const start = useMutation({
    mutationFn: async (target: number | null) => api.startImport(uploadId, await campaign(), target),
    onSuccess: onStarted,
    onError: onFailed,
  })
  const refused = start.error instanceof ApiProblem ? start.error.verdict : null
  return {
    start: (target) => {
      if (!start.isPending) start.mutate(target)
    },
    pending: start.isPending,
    refused,
    problem: start.error !== null && refused === null ? start.error.message : null,
    reset: start.reset,
  }
}
