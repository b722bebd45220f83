/** What the pages read, by name: one place decides how long an answer is fresh and when it is asked again. */
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query'
import {
  api,
  type CampaignSummary,
  type ContactFilter,
  type Import,
  type ListedCampaigns,
  type MailFolder,
} from './api.ts'
import { ApiProblem } from './ask.ts'
import { askSession } from './people/ask-session.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500),
    },
  },
})

/** Null when nobody is signed in. Asked again often enough that a changed role shows with the next page. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: 10_000,
  queryFn: askSession,
})

/** Not kept: Headroom's client knows how long a token is good. */
export const tokenQuery = queryOptions({
  queryKey: ['token'],
  queryFn: () => api.token(),
  staleTime: 0,
  gcTime: 0,
  networkMode: 'always',
})

/** All of them, however many pages that takes: the list is searched where it stands. */
export const campaignsQuery = queryOptions({
  queryKey: ['campaigns'],
  queryFn: async () => {
    const all: CampaignSummary[] = []
    let cursor: string | null = null
    do {
      const page: ListedCampaigns = await api.campaigns(cursor)
      all.push(...page.campaigns)
      cursor = page.nextCursor
    } while (cursor !== null)
    return all
  },
  refetchInterval: (query) =>
    query.state.data?.some(({ activeImport, state }) => activeImport !== null || state === 'sending') === true
      ? 3_000
      : false,
})

export const campaignQuery = (id: string) =>
  queryOptions({ queryKey: ['campaign', id], queryFn: () => api.campaign(id) })

export const planQuery = (uploadId: string, target: number | null, available: number | null | undefined) =>
  queryOptions({
    // What is left is part of the name: when it changes (another import, a purchase), the plan is asked again.
    queryKey: ['plan', uploadId, target, available],
    queryFn: () => api.plan(uploadId, target),
    placeholderData: keepPreviousData,
  })

/** The first page is quick to show; whoever goes on wants many. */
const firstContacts = 50
const moreContacts = 250

/** `growing`: an import is adding to the list; who has paged far down is not asked to load it all again. */
export const contactsQuery = (campaignId: string, filter: ContactFilter, growing: boolean) =>
  infiniteQueryOptions({
    queryKey: ['contacts', campaignId, filter],
    queryFn: ({ pageParam }) =>
      api.contacts(campaignId, filter, { cursor: pageParam, limit: pageParam === null ? firstContacts : moreContacts }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state: { data } }) => {
      if (!growing || (data?.pages.length ?? 1) > 1) return false
      return data?.pages[0]?.data.length ? 3_000 : 800
    },
    placeholderData: keepPreviousData,
  })

/** How many contacts there are of each verdict and reason. */
export const contactSummaryQuery = (campaignId: string, growing: boolean) =>
  queryOptions({
    queryKey: ['contacts', campaignId, 'summary'],
    queryFn: () => api.contactSummary(campaignId),
    refetchInterval: growing ? 3_000 : false,
  })

/** Files of all campaigns, the newest first. */
export const earlierUploadsQuery = queryOptions({
  queryKey: ['uploads'],
  queryFn: async () => (await api.earlierUploads()).uploads,
})

/** Whoever waits for a mail sees it come, while only the newest page is open. */
export const mailsQuery = (folder: MailFolder) =>
  infiniteQueryOptions({
    queryKey: ['mails', folder],
    queryFn: ({ pageParam }) => api.mails(folder, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state: { data } }) => ((data?.pages.length ?? 1) > 1 ? false : 5_000),
  })

/** What a mail says does not change; what its recipient has done about it may. */
export const mailQuery = (id: string) => queryOptions({ queryKey: ['mail', id], queryFn: () => api.mail(id) })

export const importKey = (id: string) => ['import', id] as const

export const active = (state: Import['state']) => state === 'queued' || state === 'running'
