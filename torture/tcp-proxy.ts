/** A line that can be cut, held up and made to lose answers: between a server and its database, and between clients and a server. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

interface Pair {
  near: Socket
  far: Socket
}

export class TcpProxy {
  readonly #target: { port: number }
  readonly #pairs = new Set<Pair>()
  readonly #server = createServer({ noDelay: true }, (near) => this.#join(near))
  #delayMs = 0
  #isStalled = false
  #isRefusing = false
  #losesAnswers = false
  /** Where to connect to. */
  port = 0
  /** How many answers never reached the one who had asked. */
  answersLost = 0

  private constructor(target: { port: number }) {
    this.#target = target
  }

  /** `target` is read at each connection: what stands there may move. */
  static async open(target: { port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    proxy.port = (proxy.#server.address() as AddressInfo).port
    return proxy
  }

  /** Breaks every connection there is. */
  cut(): void {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
    this.#pairs.clear()
  }

  /** New connections are broken at once. */
  refuse(isRefusing: boolean): void {
    this.#isRefusing = isRefusing
  }

  /** Nothing goes through, in either direction, and nobody is told. */
  stall(isStalled: boolean): void {
    this.#isStalled = isStalled
    for (const { near, far } of this.#pairs) {
      for (const socket of [near, far]) {
        if (isStalled) socket.pause()
        else socket.resume()
      }
    }
  }

  /** Each packet comes so much later. */
  delay(ms: number): void {
    this.#delayMs = ms
  }

  /** What is asked arrives; the connection breaks when the answer comes. */
  loseAnswers(loses: boolean): void {
    this.#losesAnswers = loses
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(near: Socket): void {
    near.on('error', () => {})
    if (this.#isRefusing) {
      near.resetAndDestroy()
      return
    }
    const far = connect({ port: this.#target.port, host: '127.0.0.1', noDelay: true })
    const pair = { near, far }
    this.#pairs.add(pair)
    this.#carry(near, far, () => false)
    this.#carry(far, near, () => {
      if (!this.#losesAnswers) return false
      this.answersLost += 1
      near.resetAndDestroy()
      far.resetAndDestroy()
      return true
    })
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#pairs.delete(pair)
        other.destroy()
      })
    }
    if (this.#isStalled) {
      near.pause()
      far.pause()
    }
  }

  /** One direction. Its bytes keep their order whatever the delay was and is: two timers that are due together do not. */
  #carry(from: Socket, to: Socket, swallows: () => boolean): void {
    const line: { due: number; work: () => void }[] = []
    const goOn = () => {
      while (line[0] !== undefined && line[0].due <= performance.now()) line.shift()!.work()
      if (line[0] !== undefined) setTimeout(goOn, line[0].due - performance.now())
    }
    const inOrder = (work: () => void) => {
      if (this.#delayMs === 0 && line.length === 0) return work()
      line.push({ due: performance.now() + this.#delayMs, work })
      if (line.length === 1) setTimeout(goOn, this.#delayMs)
    }
    from.on('data', (bytes: Buffer) => {
      if (!swallows()) inOrder(() => void (to.destroyed || to.write(bytes)))
    })
    from.on('end', () => inOrder(() => void to.end()))
  }
}
