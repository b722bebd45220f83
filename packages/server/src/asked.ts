/** One request as it came over its connection: all that the pipeline looks at. */
import type { IncomingMessage } from 'node:http'
import { mint } from '@headroom/engine'
import type { Target } from './target.ts'

const requestIdPattern = /^[A-Za-z0-9_-]{1,64}$/

/** What stands in the path where a route has a name; '' where it has none. */
export interface Params {
  workspace: string
  id: string
  meter: string
}

export class Asked {
  readonly incoming: IncomingMessage
  readonly method: string
  readonly target: Target
  readonly params: Params
  /** The client's own where it is harmless, else one of ours. */
  readonly requestId: string
  /** The key or token behind it, once known. */
  caller = ''

  constructor(incoming: IncomingMessage, target: Target, params: Params) {
    this.incoming = incoming
    this.method = incoming.method ?? 'GET'
    this.target = target
    this.params = params
    const sent = incoming.headers['x-request-id']
    this.requestId = typeof sent === 'string' && requestIdPattern.test(sent) ? sent : mint('req')
  }

  /** By its name in lower case; several of one name are joined by commas. */
  header(name: string): string | null {
    const value = this.incoming.headers[name]
    return typeof value === 'string' ? value : null
  }

  /** As people read it. */
  get path(): string {
    const { path } = this.target
    if (!path.includes('%')) return path
    try {
      return decodeURI(path)
    } catch {
      return path
    }
  }

  get address(): string {
    return this.incoming.socket.remoteAddress ?? 'unknown'
  }
}
