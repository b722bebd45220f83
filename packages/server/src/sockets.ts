/** The HTTP server itself: what it refuses before there is a request, and how it stops. */
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net'
import { problem, type Code } from '@headroom/core'
import { dataHeaders } from './headers.ts'
import { mint } from '@headroom/engine'
import { targetOf, type Target } from './target.ts'

/** Answers a request that is one; never rejects. */
export type Answer = (incoming: IncomingMessage, outgoing: ServerResponse, target: Target) => Promise<void>

const longestUrl = 8 * 1024
const mostHeaders = 100
const gracefulMs = 10_000
/** A connection nobody has used for this long while we stop will most likely not be taken for use as we close it. */
const lastUseMs = 150
/** Beyond this a connection is closed as it comes: what is open already goes on. */
const mostConnections = 20_000

/**
 * How many may stand in front of the door while we are busy; the kernel allows no more than its somaxconn. Whom it has no room for it does
 * not refuse: they knock again after 1, 3, 7, 15 s, and many came a minute late although there had long been nothing to do.
 */
const mostUnaccepted = 16_384

export interface Listening {
  port: number
  /** For people. */
  url: string
  /** For the process itself, whatever names there are. */
  ownUrl: string
}

export class Sockets {
  readonly #server: Server
  #stopped: Promise<void> | null = null

  constructor(answer: Answer) {
    this.#server = createServer(
      {
        maxHeaderSize: 16 * 1024,
        headersTimeout: 10_000,
        requestTimeout: 30_000,
        connectionsCheckingInterval: 2_000,
        // Longer than the usual 60 s of a load balancer, so that it is never we who close a connection just taken for use.
        keepAliveTimeout: 65_000,
        requireHostHeader: false,
        // Two of a header that may be there once are seen as such, not passed over.
        joinDuplicateHeaders: true,
        noDelay: true,
      },
      guarded(answer),
    )
    this.#server.maxConnections = mostConnections
    this.#server.on('clientError', refuseConnection)
  }

  /** Starts to listen; rejects where that cannot be. */
  listen(port: number, host: string): Promise<Listening> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ port, host, backlog: mostUnaccepted }, () => {
        this.#server.off('error', reject)
        resolve(listening(this.#server.address() as AddressInfo))
      })
    })
  }

  /**
   * Takes no new connections, lets running requests end within 10 s, then cuts what is left. A connection that is kept alive may be
   * taken for use at this very moment: it gets its answer, which says that it was the last. A repeat waits for the same end.
   */
  stop(): Promise<void> {
    this.#stopped ??= new Promise((resolve) => {
      const cut = setTimeout(() => this.#server.closeAllConnections(), gracefulMs)
      let sweep: NodeJS.Timeout
      const used = setTimeout(() => {
        sweep = setInterval(() => this.#server.closeIdleConnections(), 50)
      }, lastUseMs)
      // The one of HTTP would close what is idle at once.
      NetServer.prototype.close.call(this.#server, () => {
        clearTimeout(cut)
        clearTimeout(used)
        clearInterval(sweep)
        // It has no more to do, and lets go of its timers.
        this.#server.close(() => resolve())
      })
    })
    return this.#stopped
  }
}

function listening({ port, address, family }: AddressInfo): Listening {
  const isLocal = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(address)
  const own = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  const numeric = `http://${family === 'IPv6' ? `[${own}]` : own}:${port}`
  return { port, url: isLocal ? `http://localhost:${port}` : numeric, ownUrl: numeric }
}

function guarded(answer: Answer) {
  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const target = targetOf(incoming.url ?? '', incoming.headers.host || 'localhost')
    const fault = faultOf(incoming) ?? (target ? null : badTarget)
    if (target && !fault) return void answer(incoming, outgoing, target)
    const [status] = fault!
    const { headers, text } = documentOf(...fault!)
    outgoing.writeHead(status, headers).end(text)
  }
}

type Fault = [status: number, code: Code, detail: string]

const badTarget: Fault = [400, 'invalid_request', 'The request target or the Host header is not valid.']

function faultOf({ url = '', rawHeaders, headers, httpVersion }: IncomingMessage): Fault | null {
  if (url.length > longestUrl) return [414, 'too_large', `The URL is longer than ${longestUrl} bytes.`]
  if (rawHeaders.length > 2 * mostHeaders)
    return [431, 'too_large', `The request has more than ${mostHeaders} headers.`]
  if (headers.host === undefined && httpVersion !== '1.0')
    return [400, 'invalid_request', 'The Host header is missing.']
  return null
}

function documentOf(status: number, code: Code, detail: string): { headers: Record<string, string>; text: string } {
  const requestId = mint('req')
  const text = JSON.stringify(problem(code, detail, requestId, {}, status))
  const headers = {
    ...dataHeaders,
    'x-request-id': requestId,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }
  return { headers, text }
}

const parserFaults: Record<string, Fault> = {
  HPE_HEADER_OVERFLOW: [431, 'too_large', 'The headers are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'too_large', 'The chunk extensions are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'invalid_request', 'The request did not arrive in time.'],
}

/** Node's parser gave up: what it read is no request, so this answer goes to the bare connection. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const fault = parserFaults[error.code ?? ''] ?? [400, 'invalid_request', 'This is not a well-formed HTTP request.']
  const { headers, text } = documentOf(...fault)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.end(`HTTP/1.1 ${fault[0]} ${STATUS_CODES[fault[0]]}\r\n${lines.join('\r\n')}\r\n\r\n${text}`)
}
