import { connect, type Socket } from 'node:net'

export interface HttpAnswer {
  status: number
  head: string
  /** Empty unless it was asked for. */
  body: string
}

interface Asked {
  keep: boolean
  resolve: (answer: HttpAnswer) => void
  reject: (error: Error) => void
}

const headEnd = Buffer.from('\r\n\r\n')

/**
 * One kept-alive connection with one request on it at a time, as cheap as it can be: whole requests go out as one string, of an
 * answer only the status and the length are read. Answers in chunks are not understood.
 */
export class HttpConnection {
  readonly #socket: Socket
  #asked: Asked | null = null
  #answer: HttpAnswer | null = null
  #left = 0
  #parts: Buffer[] = []

  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new HttpConnection(socket)))
      socket.once('error', reject)
    })
  }

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', (error) => this.#asked?.reject(error))
    socket.on('close', () => this.#asked?.reject(new Error('The server closed the connection')))
  }

  /** Sends a whole request of ASCII. */
  ask(request: string, keep = false): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#asked = { keep, resolve, reject }
      this.#socket.write(request, 'latin1')
    })
  }

  close(): void {
    this.#asked = null
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    let body = chunk
    if (this.#answer === null) {
      const whole = this.#parts.length === 0 ? chunk : Buffer.concat([...this.#parts, chunk])
      const end = whole.indexOf(headEnd)
      if (end < 0) {
        this.#parts = [whole]
        return
      }
      const head = whole.toString('latin1', 0, end)
      this.#parts = []
      this.#answer = { status: Number(head.slice(9, 12)), head, body: '' }
      this.#left = lengthOf(head)
      body = whole.subarray(end + 4)
    }
    this.#left -= body.length
    if (this.#asked?.keep) this.#parts.push(body)
    if (this.#left > 0) return
    const { resolve } = this.#asked!
    const answer = this.#answer
    if (this.#parts.length > 0) answer.body = Buffer.concat(this.#parts).toString('latin1')
    this.#asked = null
    this.#answer = null
    this.#parts = []
    resolve(answer)
  }
}

function lengthOf(head: string): number {
  const at = head.indexOf('ontent-length: ')
  const start = at < 0 ? head.indexOf('ontent-Length: ') : at
  if (start >= 0) return Number.parseInt(head.slice(start + 15, start + 25))
  if (/^HTTP\/1\.1 (?:204|304)/.test(head)) return 0
  throw new Error(`An answer without a length: ${head}`)
}
