import { useCallback } from 'react'
import type { CallOptions, EntryWire, ExplainWire, MeterId } from '@headroom/sdk'
import { useHeadroom, useUsage } from './HeadroomProvider.tsx'
import { useAnswer, type Answer } from './use-answer.ts'

/** As many as one page of the ledger has. */
const entriesMost = 100

/** Why the balance of a meter is what it is, asked for again while its figures change. */
export function useExplanation(meter: MeterId): Answer<ExplainWire> & { retry: () => void } {
  const { client, workspace } = useHeadroom()
  const ask = useCallback(
    (options: CallOptions) => client.explain(workspace, meter, options),
    [client, workspace, meter],
  )
  return useAnswer(ask, useFiguresOf(meter))
}

/** The newest entries of a meter's ledger in the period that begins at `period`, at most 100; none are asked for while that is null. */
export function useEntries(meter: MeterId, period: string | null): Answer<EntryWire[]> & { retry: () => void } {
  const { client, workspace } = useHeadroom()
  const ask = useCallback(
    async (options: CallOptions) => {
      const filter = { meter, limit: entriesMost, ...(period !== null && { period }) }
      return (await client.ledger(workspace, filter, options)).data
    },
    [client, workspace, meter, period],
  )
  return useAnswer(period === null ? null : ask, useFiguresOf(meter))
}

/** Another text as soon as one of the figures is another. */
function useFiguresOf(id: MeterId): string {
  const { usage } = useUsage()
  const meter = usage?.meters.find(({ meter }) => meter === id)
  return [usage?.period.start, meter?.used, meter?.reserved, meter?.limit].join()
}
