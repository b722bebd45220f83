/** What the pages ask of the Leads Database. */
import type { Criteria, Upload } from '../api.ts'
import { ask, at, post } from '../ask.ts'

export interface DirectoryPerson {
  name: string
  title: string
  company: string
  country: string
  industry: string
  companySize: string
  /** Masked; null where no address is known. */
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

export interface DirectoryOption {
  value: string
  /** How many are found by this alone. */
  people: number
}

export interface DirectoryOptions {
  /** Everybody can be found; until then `prepared` of `people` are there. */
  ready: boolean
  prepared: number
  people: number
  titles: DirectoryOption[]
  countries: DirectoryOption[]
  industries: DirectoryOption[]
  companySizes: DirectoryOption[]
}

export const directoryApi = {
  options: () => ask<DirectoryOptions>('/api/directory'),
  search: (criteria: Criteria) => post<DirectorySearch>('/api/directory/search', { criteria }),
  takeList: (campaignId: string, criteria: Criteria) =>
    post<{ upload: Upload }>(`/api/campaigns/${at(campaignId)}/lists`, { criteria }),
}
