import { queryOptions } from '@tanstack/react-query'
import { people } from './api.ts'

/** Roles change while the page is open: somebody else may be at it. */
const lookMs = 15_000

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async () => (await people.users()).users,
  refetchInterval: lookMs,
})

export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: async () => (await people.invitations()).invitations,
  refetchInterval: lookMs,
})

export const inviteQuery = (token: string) =>
  queryOptions({ queryKey: ['invite', token], queryFn: () => people.showInvite(token), staleTime: 0 })

export const resetQuery = (token: string) =>
  queryOptions({
    queryKey: ['reset', token],
    queryFn: () => people.showReset(token),
    staleTime: Infinity,
    retry: false,
  })
