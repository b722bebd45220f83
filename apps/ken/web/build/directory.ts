/** What the step "Ideal customer" asks of the leads database. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Criteria } from '../api.ts'
import { ask, post } from '../ask.ts'

export interface DirectoryPerson {
  name: string
  title: string
  company: string
  country: string
  industry: string
  companySize: string
  email: string | null
}

export interface DirectorySearch {
  ready: boolean
  found: number
  /** Those with an address. */
  usable: number
  /** Those with an address that has not counted in this period. */
  estimate: number
  preview: DirectoryPerson[]
}

interface Choice {
  value: string
  people: number
}

export interface DirectoryOptions {
  ready: boolean
  prepared: number
  people: number
  titles: Choice[]
  countries: Choice[]
  industries: Choice[]
  companySizes: Choice[]
}

export const directoryQuery = queryOptions({
  queryKey: ['directory'],
  queryFn: () => ask<DirectoryOptions>('/api/directory'),
  staleTime: 600_000,
  refetchInterval: ({ state: { data } }) => (data?.ready === false ? 2_000 : false),
})

export const searchQuery = (criteria: Criteria) =>
  queryOptions({
    queryKey: ['directory', 'search', criteria],
    queryFn: () => post<DirectorySearch>('/api/directory/search', { criteria }),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => (data?.ready === false ? 2_000 : false),
  })
