import { Headroom } from '@headroom/sdk'
import { build } from './build.ts'
import { queryClient, tokenQuery } from './queries.ts'
import { tabWorkspace } from './workspace.ts'

/** Headroom answers on this origin; the short-lived token comes from Ken, who knows the role. */
export const headroom = new Headroom({
  baseUrl: '',
  // Asked as the pages' own questions are: where nobody is signed in any more, that leads to the login.
  getToken: async () => (await queryClient.fetchQuery(tokenQuery)).token,
  fetch: (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('X-Build', build)
    const workspace = tabWorkspace()
    if (workspace !== null) headers.set('X-Workspace', workspace)
    return fetch(input, { ...init, headers })
  },
})
