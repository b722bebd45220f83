/** How a page asks Ken: one way to send, one shape for what goes wrong. */
import type { VerdictWire } from '@headroom/sdk'
import { build, noticeBuild } from './build.ts'
import { tabWorkspace } from './workspace.ts'

export interface Page<Item> {
  data: Item[]
  nextCursor: string | null
}

/** A refusal or a failure, in the words of the server's problem document where there is one. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly code: string
  /** The whole document: a 402 carries the verdict's fields beside the standard ones. */
  readonly body: Record<string, unknown>

  constructor(status: number, code: string, detail: string, body: Record<string, unknown> = {}) {
    super(detail)
    this.status = status
    this.code = code
    this.body = body
  }

  /** What is wrong with this field of the request, if that is it. */
  fieldError(name: string): string | null {
    const errors = Array.isArray(this.body.errors) ? (this.body.errors as { path?: unknown; message?: unknown }[]) : []
    const found = errors.find(({ path }) => path === name)
    return typeof found?.message === 'string' ? found.message : null
  }

  /** What may be done instead, where the refusal is one of credits. */
  get verdict(): VerdictWire | null {
    return Array.isArray(this.body.lines) && Array.isArray(this.body.actions)
      ? (this.body as unknown as VerdictWire)
      : null
  }
}

interface Asked {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  json?: unknown
  text?: { body: Blob; type: string }
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Asks Ken and reads the answer; throws ApiProblem. Nothing to say is null. */
export async function ask<Answer>(path: string, asked: Asked = {}): Promise<Answer> {
  const headers: Record<string, string> = { 'X-Build': build, Accept: 'application/json', ...asked.headers }
  const workspace = tabWorkspace()
  if (workspace !== null) headers['X-Workspace'] = workspace
  const request: RequestInit = { method: asked.method ?? 'GET', headers, credentials: 'same-origin' }
  if (asked.signal !== undefined) request.signal = asked.signal
  if (asked.text !== undefined) {
    headers['Content-Type'] = asked.text.type
    request.body = asked.text.body
  } else if (asked.method === 'POST' || asked.method === 'PUT') {
    headers['Content-Type'] = 'application/json'
    request.body = JSON.stringify(asked.json ?? {})
  }
  let response: Response
  try {
    response = await fetch(path, request)
  } catch (error) {
    if (asked.signal?.aborted === true) throw error
    throw new ApiProblem(0, 'offline', 'Ken could not be reached. Check your connection, then try again.')
  }
  noticeBuild(response.headers.get('X-Build'))
  const body = await bodyOf(response)
  if (response.ok) return body as Answer
  const detail =
    typeof body?.detail === 'string' ? body.detail : `Ken answered ${response.status}. Try again in a moment.`
  throw new ApiProblem(response.status, typeof body?.code === 'string' ? body.code : 'unknown', detail, body ?? {})
}

async function bodyOf(response: Response): Promise<Record<string, unknown> | null> {
  if (response.status === 204) return null
  if (!(response.headers.get('Content-Type') ?? '').includes('json')) return null
  return (await response.json().catch(() => null)) as Record<string, unknown> | null
}

export const post = <Answer>(path: string, json?: unknown) => ask<Answer>(path, { method: 'POST', json })
export const put = <Answer>(path: string, json: unknown) => ask<Answer>(path, { method: 'PUT', json })
export const remove = (path: string) => ask<null>(path, { method: 'DELETE' })
/** An id as a part of a path. */
export const at = (id: string) => encodeURIComponent(id)
