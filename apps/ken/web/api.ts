/** What the pages ask Ken: shapes and one function per request. Headroom's interface is reached through @headroom/sdk. */
import type { VerdictWire } from '@headroom/sdk'
import { ask, at, post, put, type Page } from './ask.ts'

export type Role = 'admin' | 'editor' | 'member' | 'viewer'

export interface Session {
  user: { id: string; name: string; email: string }
  workspace: { id: string; name: string }
  role: Role
  /** All of this person's, the longest-standing first. */
  workspaces: { id: string; name: string; role: Role }[]
  /** Which kinds of mails this person gets in this workspace. */
  notifications: Record<'import_finished' | 'campaign_completed' | 'reply_received' | 'credits_low', boolean>
  build: string
  demo: boolean
  /** Mails are kept to be read in the app. */
  mailbox: boolean
}

export type ImportState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled'

export interface Import {
  id: string
  campaignId: string
  uploadId: string
  fileName: string
  state: ImportState
  target: number | null
  reserved: number
  rowsTotal: number
  rowsRead: number
  imported: number
  qualified: number
  verified: number
  counted: number
  returned: number
  notCounted: { reason: string; label: string; count: number }[]
  notice: { kind: string; text: string } | null
  startedAt: string | null
  finishedAt: string | null
  reservation: string | null
}

export type Source = 'csv' | 'directory'

export interface UploadedFile {
  id: string
  fileName: string
  rows: number
  usable: number
  columns: { header: string; field: string | null }[]
  rejected: { total: number; first: { row: number; column: string | null; reason: string }[] }
  createdAt: string
}

/** A file, or a list of people from the Leads Database: both are planned and imported alike. */
export interface Upload extends UploadedFile {
  estimate: number
  source: Source
  /** What a list was found by. */
  criteria: Criteria | null
}

/** A file of any campaign one may see. */
export interface EarlierUpload extends UploadedFile {
  campaign: { id: string; name: string }
}

export interface Criteria {
  titles: string[]
  countries: string[]
  industries: string[]
  companySizes?: string[]
}

export interface CampaignSummary {
  id: string
  name: string
  state: string
  createdAt: string
  /** How many contacts counted as leads, over all imports. */
  contacts: number
  /** How many mails it has sent. */
  sent: number
  owner: { id: string; name: string }
  /** The AI build it was made by. */
  buildId: string | null
  /** How many contacts that build was asked to find. */
  target: number | null
  activeImport: Import | null
}

export interface ListedCampaigns {
  campaigns: CampaignSummary[]
  nextCursor: string | null
}

export interface Campaign extends CampaignSummary {
  criteria: Criteria
  imports: Import[]
  uploads: Upload[]
}

export interface Plan {
  estimate: number
  target: number | null
  available: number | null
  reserve: number
  boundBy: 'target' | 'estimate' | 'available' | 'none'
  sentence: string
  verdict: VerdictWire
}

export interface Contact {
  row: number
  name: string | null
  email: string | null
  company: string | null
  title: string | null
  country: string | null
  verdict: string
  reason: string | null
  label: string
  verification: string | null
}

export interface ContactFilter {
  verdict: '' | 'counted' | 'not_counted'
  reason: string
  search: string
}

export interface ContactSummary {
  total: number
  counted: number
  notCounted: { reason: string; label: string; count: number }[]
}

export interface Mail {
  id: string
  kind: string
  to: { name: string; email: string }
  subject: string
  at: string
  /** Set for what a campaign has sent, with the number of the mail in its sequence. */
  campaign: { id: string; name: string; step: number } | null
  /** What the recipient has done about it. */
  ended: 'replied' | 'unsubscribed' | null
}

export type MailFolder = 'all' | 'account' | 'campaign'

export interface OpenedMail extends Mail {
  text: string
  html: string
}

export const api = {
  session: () => ask<Session>('/api/session'),
  demoLogin: (role: Role) => post<null>('/api/demo-login', { role }),
  login: (email: string, password: string) => post<null>('/api/login', { email, password }),
  logout: () => post<null>('/api/logout'),
  token: () => ask<{ token: string; expiresAt: string }>('/api/token'),

  mails: (folder: MailFolder, cursor: string | null) =>
    ask<Page<Mail>>(`/api/mails?folder=${folder}${cursor === null ? '' : `&cursor=${at(cursor)}`}`),
  mail: (id: string) => ask<OpenedMail>(`/api/mails/${at(id)}`),

  campaigns: (cursor: string | null) =>
    ask<ListedCampaigns>(`/api/campaigns${cursor === null ? '' : `?cursor=${at(cursor)}`}`),
  createCampaign: (name: string, criteria: Criteria) => post<CampaignSummary>('/api/campaigns', { name, criteria }),
  campaign: (id: string) => ask<Campaign>(`/api/campaigns/${at(id)}`),
  renameCampaign: (id: string, name: string) => put<CampaignSummary>(`/api/campaigns/${at(id)}`, { name }),
  setCriteria: (id: string, criteria: Criteria) => put<CampaignSummary>(`/api/campaigns/${at(id)}/criteria`, criteria),
  contacts: (campaignId: string, filter: Partial<ContactFilter>, page: { cursor: string | null; limit?: number }) => {
    const query = contactsSearch(filter)
    if (page.limit !== undefined) query.set('limit', String(page.limit))
    if (page.cursor !== null) query.set('cursor', page.cursor)
    return ask<Page<Contact>>(`/api/campaigns/${at(campaignId)}/contacts?${query}`)
  },
  contactSummary: (campaignId: string) => ask<ContactSummary>(`/api/campaigns/${at(campaignId)}/contacts/summary`),
  contactsFile: (campaignId: string, filter: ContactFilter) =>
    `/api/campaigns/${at(campaignId)}/contacts.csv?${contactsSearch(filter)}`,

  earlierUploads: () => ask<{ uploads: EarlierUpload[] }>('/api/uploads'),
  upload: (campaignId: string, file: File, signal: AbortSignal) =>
    ask<{ upload: Upload }>(`/api/campaigns/${at(campaignId)}/uploads`, {
      method: 'POST',
      text: { body: file, type: 'text/csv' },
      headers: { 'X-File-Name': encodeURIComponent(file.name) },
      signal,
    }),
  plan: (uploadId: string, target: number | null) =>
    ask<Plan>(`/api/uploads/${at(uploadId)}/plan${target === null ? '' : `?target=${target}`}`),
  startImport: (uploadId: string, campaignId: string, target: number | null) =>
    post<Import>(`/api/uploads/${at(uploadId)}/imports`, { campaignId, ...(target !== null && { target }) }),
  import: (id: string) => ask<Import>(`/api/imports/${at(id)}`),
  importEvents: (id: string) => `/api/imports/${at(id)}/events`,
  cancelImport: (id: string) => post<Import>(`/api/imports/${at(id)}/cancel`),
}

function contactsSearch(filter: Partial<ContactFilter>): URLSearchParams {
  const given = Object.entries(filter).filter(([, value]) => value !== '')
  return new URLSearchParams(given)
}
