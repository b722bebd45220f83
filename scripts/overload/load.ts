/** Requests at a rate that does not wait for answers: a tenth counts (a use), the rest is looked at, a quarter of that a page of the ledger. */
import { Agent, request } from 'node:http'

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
  const agent = new Agent({ keepAlive: true, maxSockets: 4_000 })
  const critical = new Tally()
  const reads = new Tally()
  const all: Promise<void>[] = []
  const started = performance.now()
  let sent = 0
  while (performance.now() - started < offer.seconds * 1_000) {
    const due = Math.floor(((performance.now() - started) / 1_000) * offer.rate)
    for (; sent < due; sent += 1) {
      const isCritical = (sent * offer.criticalShare) % 1 < offer.criticalShare
      all.push(ask(offer, agent, isCritical, sent, isCritical ? critical : reads))
    }
    await new Promise((resolve) => setTimeout(resolve, tickMs))
  }
  const lasted = (performance.now() - started) / 1_000
  await Promise.all(all)
  const whole = Math.max(lasted, (performance.now() - started) / 1_000)
  agent.destroy()
  return {
    offered: Math.round(sent / lasted),
    good: Math.round((critical.good + reads.good) / whole),
    criticalGoodShare: critical.all === 0 ? 1 : Math.round((critical.good / critical.all) * 1_000) / 1_000,
    criticalP99Ms: critical.p99,
    readP99Ms: reads.p99,
    critical: critical.statuses,
    reads: reads.statuses,
    errors: (critical.statuses['none'] ?? 0) + (reads.statuses['none'] ?? 0),
  }
}

class Tally {
  readonly statuses: Record<string, number> = {}
  readonly #times: number[] = []

  add(status: string, ms: number): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1
    if (status === '200') this.#times.push(ms)
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

async function ask(offer: Offer, agent: Agent, isCritical: boolean, n: number, tally: Tally): Promise<void> {
  const { url, apiKey, workspace, repeats = 0 } = offer
  const base = `${url}/v1/workspaces/${workspace}`
  const path = isCritical ? `${base}/use` : n % 4 === 0 ? `${base}/ledger?limit=20` : `${base}/usage`
  const body = isCritical ? '{"mode":"record","lines":[{"meter":"email_sends","quantity":1}]}' : null
  const began = performance.now()
  for (let attempt = 0; ; attempt += 1) {
    const status = await once(path, apiKey, agent, body)
    if (status === '503' && attempt < repeats) continue
    return tally.add(status, performance.now() - began)
  }
}

function once(path: string, apiKey: string, agent: Agent, body: string | null): Promise<string> {
  return new Promise((resolve) => {
    const headers: Record<string, string> = { authorization: `Bearer ${apiKey}` }
    if (body !== null) headers['content-type'] = 'application/json'
    const asked = request(path, { agent, method: body === null ? 'GET' : 'POST', headers }, (response) => {
      response.resume()
      response.on('end', () => resolve(String(response.statusCode)))
    })
    asked.on('error', () => resolve('none'))
    asked.end(body ?? undefined)
  })
}
