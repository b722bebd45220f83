/** Someone with a browser, in tests. */
import type { Role } from '@headroom/sdk'
import type { CampaignView } from '../src/campaigns/campaigns.ts'
import type { ContactView } from '../src/campaigns/contacts.ts'
import type { ImportView } from '../src/imports/imports.ts'
import type { PlanView } from '../src/imports/plan.ts'
import type { UploadView } from '../src/imports/uploads.ts'

export interface Answered<Body> {
  status: number
  headers: Headers
  body: Body
}

/** Someone with a browser: keeps cookies, sends Origin. */
export class Visitor {
  readonly url: string
  /** Named with every request, as the pages do once they know it. */
  workspace: string | null = null
  #cookie: string

  constructor(url: string, cookie = '') {
    this.url = url
    this.#cookie = cookie
  }

  get cookie(): string {
    return this.#cookie
  }

  async ask<Body = Record<string, unknown>>(
    method: string,
    path: string,
    { body, headers = {} }: { body?: BodyInit | null; headers?: Record<string, string> } = {},
  ): Promise<Answered<Body>> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      body: body ?? null,
      headers: {
        Origin: this.url,
        ...(this.#cookie === '' ? {} : { Cookie: this.#cookie }),
        ...(this.workspace === null ? {} : { 'X-Workspace': this.workspace }),
        ...headers,
      },
    })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      this.#cookie = /max-age=0/i.test(set) ? '' : pair
    }
    const text = await response.text()
    const json = (response.headers.get('content-type') ?? '').includes('json')
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as Body }
  }

  get<Body = Record<string, unknown>>(path: string): Promise<Answered<Body>> {
    return this.ask<Body>('GET', path)
  }

  post<Body = Record<string, unknown>>(path: string, json: unknown = {}): Promise<Answered<Body>> {
    return this.ask<Body>('POST', path, { body: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } })
  }

  put<Body = Record<string, unknown>>(path: string, json: unknown): Promise<Answered<Body>> {
    return this.ask<Body>('PUT', path, { body: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } })
  }

  async campaign(criteria: object = { titles: [], countries: [], industries: [] }): Promise<CampaignView> {
    return must(await this.post<CampaignView>('/api/campaigns', { name: 'Test', criteria }), 201)
  }

  tryUpload(campaignId: string, file: BodyInit, name = 'people.csv'): Promise<Answered<Record<string, unknown>>> {
    const headers = { 'Content-Type': 'text/csv', 'X-File-Name': encodeURIComponent(name) }
    return this.ask('POST', `/api/campaigns/${campaignId}/uploads`, { body: file, headers })
  }

  async upload(campaignId: string, file: BodyInit): Promise<UploadView> {
    const { upload } = must(await this.tryUpload(campaignId, file), 201) as unknown as { upload: UploadView }
    return upload
  }

  /** A campaign for everyone with this file in it. */
  async prepared(file: BodyInit, criteria?: object): Promise<UploadView & { campaignId: string }> {
    const { id: campaignId } = await this.campaign(criteria)
    return { ...(await this.upload(campaignId, file)), campaignId }
  }

  async plan(uploadId: string, target?: number): Promise<PlanView> {
    return must(
      await this.get<PlanView>(`/api/uploads/${uploadId}/plan${target === undefined ? '' : `?target=${target}`}`),
      200,
    )
  }

  async start(uploadId: string, target?: number): Promise<ImportView> {
    return must(
      await this.post<ImportView>(`/api/uploads/${uploadId}/imports`, target === undefined ? {} : { target }),
      201,
    )
  }

  async import(id: string): Promise<ImportView> {
    return must(await this.get<ImportView>(`/api/imports/${id}`), 200)
  }

  /** Waits until the import has ended. */
  async ended(id: string): Promise<ImportView> {
    for (;;) {
      const now = await this.import(id)
      if (now.state !== 'queued' && now.state !== 'running') return now
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async contacts(campaignId: string, verdict = ''): Promise<ContactView[]> {
    const all: ContactView[] = []
    let cursor: string | null = null
    do {
      const query = new URLSearchParams({ verdict, ...(cursor === null ? {} : { cursor }) })
      const page: { data: ContactView[]; nextCursor: string | null } = must(
        await this.get<{ data: ContactView[]; nextCursor: string | null }>(
          `/api/campaigns/${campaignId}/contacts?${query}`,
        ),
        200,
      )
      all.push(...page.data)
      cursor = page.nextCursor
    } while (cursor !== null)
    return all
  }
}

export async function signIn(url: string, role: Role): Promise<Visitor> {
  const visitor = new Visitor(url)
  must(await visitor.post('/api/demo-login', { role }), 204)
  return visitor
}

export function must<Body>(answer: Answered<Body>, status: number): Body {
  if (answer.status !== status)
    throw new Error(`Expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
}
