/** What is read about sending, by name. All of it hangs below the campaign's own key: whoever asks for that anew gets this anew too. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { queryClient } from '../queries.ts'
import { sendingApi, type Sending } from './api.ts'

export const sequenceQuery = (campaignId: string) =>
  queryOptions({ queryKey: ['campaign', campaignId, 'sequence'], queryFn: () => sendingApi.sequence(campaignId) })

/** Asked again while mails go out, and now and then while it waits for something to happen elsewhere. */
export const sendingQuery = (campaignId: string) =>
  queryOptions({
    queryKey: ['campaign', campaignId, 'sending'],
    queryFn: () => sendingApi.sending(campaignId),
    refetchInterval: ({ state: { data } }) => (data?.state === 'sending' ? 2_000 : 15_000),
  })

/** `live`: mails are going out; who has paged far down is not asked to load it all again. */
export const recipientsQuery = (campaignId: string, state: string, live: boolean) =>
  infiniteQueryOptions({
    queryKey: ['campaign', campaignId, 'recipients', state],
    queryFn: ({ pageParam }) => sendingApi.recipients(campaignId, state, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state: { data } }) => (live && (data?.pages.length ?? 1) <= 1 ? 3_000 : false),
    placeholderData: keepPreviousData,
  })

export const subscriptionQuery = (token: string) =>
  queryOptions({ queryKey: ['subscription', token], queryFn: () => sendingApi.subscription(token) })

/** Puts an answer where the page reads it, and asks anew for what it changes. */
export function takeSending(campaignId: string, sending: Sending): void {
  queryClient.setQueryData(sendingQuery(campaignId).queryKey, sending)
  void queryClient.invalidateQueries({ queryKey: ['campaign', campaignId] })
  void queryClient.invalidateQueries({ queryKey: ['campaigns'] })
}
