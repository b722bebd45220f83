import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { headroom } from '../headroom.ts'
import { ledgerApi, type Filter } from './api.ts'

/** A change of the filter shows the rows before, dimmed, until the new ones are there. */
export const entriesQuery = (workspace: string, filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['ledger', workspace, filter],
    queryFn: ({ pageParam }) => ledgerApi.entries(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

/** The last twelve periods of the workspace, newest first. */
export const periodsQuery = (workspace: string) =>
  queryOptions({
    queryKey: ['periods', workspace],
    queryFn: async () => {
      const { data } = await headroom.history(workspace)
      return data.filter(({ meter }) => meter === data[0]?.meter).map(({ period }) => period)
    },
    staleTime: 60_000,
  })

export const findQuery = (workspace: string, id: string) =>
  queryOptions({ queryKey: ['find-purchase', workspace, id], queryFn: () => ledgerApi.find(id) })
