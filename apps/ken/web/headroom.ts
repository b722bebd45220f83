import { Headroom } from '@headroom/sdk'
import { api } from './api.ts'
import { build } from './build.ts'

/** Headroom answers on this origin; the short-lived token comes from Ken, who knows the role. */
export const headroom = new Headroom({
  baseUrl: '',
  getToken: async () => (await api.token()).token,
  fetch: (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('X-Build', build)
    return fetch(input, { ...init, headers })
  },
})
