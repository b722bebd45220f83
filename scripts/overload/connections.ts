/** Connections that are kept alive, each with one request at a time: as little as a client can do, so that the server is what is busy. */
import { connect, type Socket } from 'node:net'

const openAtOnce = 50

interface Asked {
  request: Buffer
  /** The status; 0 where no answer came. */
  answered: (status: number) => void
}

export class Connections {
  readonly #url: URL
  readonly #most: number
  readonly #idle: One[] = []
  readonly #all = new Set<One>()
  readonly #waiting: Asked[] = []

  constructor(url: URL, most: number) {
    this.#url = url
    this.#most = most
  }

  /** The status of the answer, 0 where none came; never rejects. Waits where all connections are in use. */
  send(request: Buffer): Promise<number> {
    return new Promise((answered) => {
      const asked = { request, answered }
      const free = this.#idle.pop()
      if (free) free.ask(asked)
      else if (this.#all.size < this.#most) this.#open().ask(asked)
      else this.#waiting.push(asked)
    })
  }

  /** Opens all there may be, a few at a time: clients that have been at it for a while are connected. */
  async open(): Promise<void> {
    while (this.#all.size < this.#most) {
      const some = Math.min(openAtOnce, this.#most - this.#all.size)
      await Promise.all(Array.from({ length: some }, () => this.#open().opened))
    }
    this.#idle.push(...this.#all)
  }

  close(): void {
    for (const one of this.#all) one.close()
  }

  #open(): One {
    const one = new One(
      connect(Number(this.#url.port), this.#url.hostname),
      () => {
        const next = this.#waiting.shift()
        if (next) one.ask(next)
        else this.#idle.push(one)
      },
      () => {
        this.#all.delete(one)
        const at = this.#idle.indexOf(one)
        if (at >= 0) this.#idle.splice(at, 1)
        const next = this.#waiting.shift()
        if (next) this.#open().ask(next)
      },
    )
    this.#all.add(one)
    return one
  }
}

class One {
  /** Resolves also where it could not be. */
  readonly opened: Promise<void>
  readonly #socket: Socket
  readonly #onFree: () => void
  #asked: Asked | null = null
  /** Of the answer under way: its status, and how many bytes are still to come; before its head has come: null. */
  #answer: { status: number; left: number } | null = null
  #head = ''

  constructor(socket: Socket, onFree: () => void, onClose: () => void) {
    this.#socket = socket
    this.#onFree = onFree
    this.opened = new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))
    socket.setNoDelay(true)
    socket.on('data', (bytes) => this.#read(bytes))
    socket.on('error', () => {})
    socket.on('close', () => {
      onClose()
      this.#asked?.answered(0)
    })
  }

  ask(asked: Asked): void {
    this.#asked = asked
    this.#answer = null
    this.#head = ''
    this.#socket.write(asked.request)
  }

  close(): void {
    this.#asked = null
    this.#socket.destroy()
  }

  #read(bytes: Buffer): void {
    // A connection that was opened and not used for long is told so, and closed.
    if (!this.#asked) return
    if (this.#answer) this.#answer.left -= bytes.length
    else {
      this.#head += bytes.toString('latin1')
      const end = this.#head.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#head)?.[1] ?? 0)
      this.#answer = { status: Number(this.#head.slice(9, 12)), left: length - (this.#head.length - end - 4) }
    }
    if (this.#answer.left > 0) return
    const { answered } = this.#asked
    this.#asked = null
    answered(this.#answer.status)
    this.#onFree()
  }
}
