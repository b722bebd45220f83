/** What the pages of "Create with AI" read, by name. */
import { queryOptions } from '@tanstack/react-query'
import { queryClient } from '../queries.ts'
import { buildsApi, type Build } from './api.ts'

export const buildsQuery = queryOptions({
  queryKey: ['builds'],
  queryFn: async () => (await buildsApi.list()).builds,
})

/** What is left is part of the name: when it changes (another build, a purchase), whether one may start is asked again. */
export const buildCheckQuery = (available: number | null | undefined) =>
  queryOptions({
    queryKey: ['builds', 'check', available],
    queryFn: () => buildsApi.check(),
    staleTime: 0,
    placeholderData: (before) => before,
  })

export const buildQuery = (id: string) =>
  queryOptions({
    queryKey: ['build', id],
    queryFn: async () => {
      const asked = await buildsApi.show(id)
      // An answer or event that came while this one was on its way may be newer.
      const known = queryClient.getQueryData<Build>(['build', id])
      return known !== undefined && known.revision > asked.revision ? known : asked
    },
  })

/** Takes an answer as the newest, unless one that is newer has overtaken it. */
export function keepBuild(build: Build): void {
  queryClient.setQueryData(buildQuery(build.id).queryKey, (before) =>
    before === undefined || build.revision >= before.revision ? build : before,
  )
  // The list that was read a moment ago says otherwise.
  void queryClient.invalidateQueries({ queryKey: buildsQuery.queryKey, exact: true })
}

/** Reads a build again, whatever is known of it. */
export const refreshBuild = (id: string): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: buildQuery(id).queryKey })
