/** Figures for /metrics, in Prometheus' text format. Labels are route names and statuses: no id, key or path ever becomes one. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { EngineInterface } from '@headroom/engine'
import type { Money } from '@headroom/stripe'

export class Metrics {
  readonly #registry = new Registry()
  readonly #requests: Counter<'route' | 'status'>
  readonly #seconds: Histogram<'route'>
  readonly streams: Gauge

  constructor(build: string) {
    const registers = [this.#registry]
    // Its usual 10 ms woke an idle process a hundred times a second.
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 200 })
    this.#requests = new Counter({
      name: 'headroom_http_requests_total',
      help: 'Answers by route and status.',
      labelNames: ['route', 'status'],
      registers,
    })
    this.#seconds = new Histogram({
      name: 'headroom_http_request_seconds',
      help: 'From the first byte of a request to its answer.',
      labelNames: ['route'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    })
    this.streams = new Gauge({ name: 'headroom_event_streams', help: 'Open usage event streams.', registers })
    const info = new Gauge({
      name: 'headroom_build_info',
      help: 'The running build.',
      labelNames: ['build'],
      registers,
    })
    info.set({ build }, 1)
  }

  /** Counts the answers of one route; its labels are looked up once. */
  of(route: string): { answered(status: number, ms: number): void } {
    const seconds = this.#seconds.labels({ route })
    const byStatus = new Map<number, Counter.Internal>()
    const requests = this.#requests
    return {
      answered(status, ms) {
        let counter = byStatus.get(status)
        if (!counter) byStatus.set(status, (counter = requests.labels({ route, status })))
        counter.inc()
        seconds.observe(ms / 1000)
      },
    }
  }

  /** Ours, then those of the rooms behind us; with the database out of reach ours alone, for that is when they are looked at. */
  async text(engine: EngineInterface, money: Money | null): Promise<string> {
    const [ours, books, sales] = await Promise.all([
      this.#registry.metrics(),
      engine.metrics().catch(() => null),
      money?.metrics().catch(() => ({})) ?? {},
    ])
    const up = { up: books === null ? 0 : 1 }
    return ours + figuresOf('headroom_engine', { ...up, ...books }) + figuresOf('headroom', sales)
  }
}

const figuresOf = (prefix: string, figures: Record<string, number>): string =>
  Object.entries(figures)
    .map(([name, figure]) => {
      const metric = `${prefix}_${name.replace(/[^A-Za-z0-9_]/g, '_')}`
      return `# TYPE ${metric} gauge\n${metric} ${figure}\n`
    })
    .join('')
