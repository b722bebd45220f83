/** The Leads Database, by name. It does not change once it is made; while it is being made the pages look again. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Criteria } from '../api.ts'
import { directoryApi } from './api.ts'

export const directoryQuery = queryOptions({
  queryKey: ['directory'],
  queryFn: directoryApi.options,
  staleTime: 600_000,
  refetchInterval: ({ state: { data } }) => (data?.ready === false ? 1_000 : false),
})

export const searchQuery = (criteria: Criteria) =>
  queryOptions({
    queryKey: ['directory', 'search', criteria],
    queryFn: () => directoryApi.search(criteria),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => (data?.ready === false ? 1_000 : false),
  })
