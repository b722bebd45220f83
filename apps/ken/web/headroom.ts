import { Headroom } from '@headroom/sdk'
import { api } from './api.ts'

/** Headroom answers on this origin; the short-lived token comes from Ken, who knows the role. */
export const headroom = new Headroom({ baseUrl: '', getToken: async () => (await api.token()).token })
