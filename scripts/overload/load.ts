/** Requests at a rate that does not wait for answers: a tenth counts (a use), the rest is looked at, a quarter of that a page of the ledger. */
import { Connections } from './connections.ts'

export interface Offer {
  url: string
  apiKey: string
  workspace: string
  /** Requests a second. */
  rate: number
  seconds: number
  criticalShare: number
  /** How often one that was turned away is sent again, at once and by all alike. */
  repeats?: number
}

export interface Offered {
  offered: number
  /** Answered as they should be, a second. */
  good: number
  criticalGoodShare: number
  criticalP99Ms: number
  readP99Ms: number
  critical: Record<string, number>
  reads: Record<string, number>
  errors: number
}

const tickMs = 10

export async function offered(offer: Offer): Promise<Offered> {
  // Two programs: whoever counts does not wait until one who looks gives a connection away.
  const [counting, looking] = [1_000, 3_000].map((most) => new Connections(new URL(offer.url), most)) as [
    Connections,
    Connections,
  ]
  await counting.open()
  await looking.open()
  const [count, look] = [asker(offer, counting), asker(offer, looking)]
  const critical = new Tally()
  const reads = new Tally()
  const all: Promise<void>[] = []
  const started = performance.now()
  let sent = 0
  while (performance.now() - started < offer.seconds * 1_000) {
    const due = Math.floor(((performance.now() - started) / 1_000) * offer.rate)
    for (; sent < due; sent += 1) {
      const isCritical = (sent * offer.criticalShare) % 1 < offer.criticalShare
      all.push(isCritical ? count('use', critical) : look(sent % 4 === 0 ? 'ledger' : 'usage', reads))
    }
    await new Promise((resolve) => setTimeout(resolve, tickMs))
  }
  const lasted = (performance.now() - started) / 1_000
  await Promise.all(all)
  const whole = Math.max(lasted, (performance.now() - started) / 1_000)
  for (const connections of [counting, looking]) connections.close()
  return {
    offered: Math.round(sent / lasted),
    good: Math.round((critical.good + reads.good) / whole),
    criticalGoodShare: critical.all === 0 ? 1 : Math.round((critical.good / critical.all) * 1_000) / 1_000,
    criticalP99Ms: critical.p99,
    readP99Ms: reads.p99,
    critical: critical.statuses,
    reads: reads.statuses,
    errors: (critical.statuses['0'] ?? 0) + (reads.statuses['0'] ?? 0),
  }
}

export interface AtOnce {
  /** From the first to the last answer. */
  lastedMs: number
  statuses: Record<string, number>
}

/** So many of the same, each on a connection of its own, in one moment. */
export async function atOnce(offer: Omit<Offer, 'rate'>, what: What, count: number): Promise<AtOnce> {
  const connections = new Connections(new URL(offer.url), count)
  const ask = asker(offer, connections)
  const tally = new Tally()
  const started = performance.now()
  await Promise.all(Array.from({ length: count }, () => ask(what, tally)))
  const lastedMs = Math.round(performance.now() - started)
  connections.close()
  return { lastedMs, statuses: tally.statuses }
}

class Tally {
  readonly statuses: Record<string, number> = {}
  readonly #times: number[] = []

  add(status: number, ms: number): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1
    if (status === 200) this.#times.push(ms)
  }

  get good(): number {
    return this.#times.length
  }

  get all(): number {
    return Object.values(this.statuses).reduce((sum, count) => sum + count, 0)
  }

  get p99(): number {
    const sorted = this.#times.toSorted((a, b) => a - b)
    return Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0)
  }
}

type What = 'use' | 'usage' | 'ledger'

/** Each request is put together once: who offers must not be what is measured. */
function asker({ url, apiKey, workspace, repeats = 0 }: Omit<Offer, 'rate'>, connections: Connections) {
  const base = `/v1/workspaces/${workspace}`
  const head = `Host: ${new URL(url).host}\r\nAuthorization: Bearer ${apiKey}\r\n`
  const body = '{"mode":"record","lines":[{"meter":"email_sends","quantity":1}]}'
  const requests: Record<What, Buffer> = {
    usage: Buffer.from(`GET ${base}/usage HTTP/1.1\r\n${head}\r\n`),
    ledger: Buffer.from(`GET ${base}/ledger?limit=20 HTTP/1.1\r\n${head}\r\n`),
    use: Buffer.from(
      `POST ${base}/use HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ),
  }
  return async (what: What, tally: Tally): Promise<void> => {
    const began = performance.now()
    for (let attempt = 0; ; attempt += 1) {
      const status = await connections.send(requests[what])
      if (status === 503 && attempt < repeats) continue
      return tally.add(status, performance.now() - began)
    }
  }
}
