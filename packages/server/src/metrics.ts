/** Figures for /metrics, in Prometheus' text format. Labels are route names and statuses: no id, key or path ever becomes one. */
import { statfs } from 'node:fs/promises'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { EngineInterface } from '@headroom/engine'
import type { Money } from '@headroom/stripe'
import type { BooksWatch } from './books-watch.ts'
import { urgencies, within, type Urgencies } from './urgency.ts'

/** Prometheus gives up after ten seconds, and then there are no figures at all. */
const lookMs = 3_000

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
  async text({ engine, money, watch, dataDir, urgencies: ours }: Measured): Promise<string> {
    const [registered, books, sales, disk] = await Promise.all([
      this.#registry.metrics(),
      orNothing(engine.metrics()),
      money && orNothing(money.metrics()),
      dataDir === null ? {} : diskOf(dataDir),
    ])
    const up = { up: books === null ? 0 : 1 }
    const own = { ...urgencyFigures(ours), ...watch.figures, audit_age_seconds: watch.ageSeconds, ...disk }
    return (
      registered +
      figuresOf('headroom', own) +
      figuresOf('headroom_engine', { ...up, ...books }) +
      figuresOf('headroom', sales ?? {})
    )
  }
}

/** Null where the database does not say, or not before whoever collects the figures goes away. */
const orNothing = (figures: Promise<Record<string, number>>) =>
  within(
    lookMs,
    figures.catch(() => null),
    () => null,
  )

/** What is looked at when somebody asks for the figures. */
export interface Measured {
  engine: EngineInterface
  money: Money | null
  watch: BooksWatch
  urgencies: Urgencies
  /** Whose disk may run full; null where nothing is kept here. */
  dataDir: string | null
}

function urgencyFigures(of: Urgencies): Record<string, number> {
  const figures = of.figures()
  const each = (name: string, figure: 'running' | 'waiting' | 'heldBack' | 'shed') =>
    urgencies.map((urgency) => [`${name}{urgency="${urgency}"}`, figures[urgency][figure]] as const)
  return Object.fromEntries([
    ...each('requests_running', 'running'),
    ...each('requests_waiting', 'waiting'),
    ...each('requests_held_back', 'heldBack'),
    ...each('requests_shed_total', 'shed'),
  ])
}

/** Nothing where the file system does not say. */
async function diskOf(dataDir: string): Promise<Record<string, number>> {
  try {
    const { bsize, blocks, bavail } = await statfs(dataDir)
    return { disk_bytes: blocks * bsize, disk_free_bytes: bavail * bsize }
  } catch {
    return {}
  }
}

/** Each under its type: what ends in _total only grows, buckets are one histogram, everything else goes up and down. */
function figuresOf(prefix: string, figures: Record<string, number>): string {
  const typed = new Set<string>()
  let text = ''
  for (const [whole, figure] of Object.entries(figures)) {
    const [name = '', labels] = whole.split('{')
    const metric = `${prefix}_${name.replace(/[^A-Za-z0-9_]/g, '_')}`
    const family = histogramOf(name, figures) ? metric.replace(/_(?:bucket|sum|count)$/, '') : metric
    const type = family !== metric ? 'histogram' : metric.endsWith('_total') ? 'counter' : 'gauge'
    if (!typed.has(family)) text += `# TYPE ${family} ${type}\n`
    typed.add(family)
    text += `${metric}${labels === undefined ? '' : `{${labels}`} ${figure}\n`
  }
  return text
}

/** Whether it is a part of one: its bucket for everything is there too. */
function histogramOf(name: string, figures: Record<string, number>): boolean {
  const family = /^(.+)_(?:bucket|sum|count)$/.exec(name)?.[1]
  return family !== undefined && `${family}_bucket{le="+Inf"}` in figures
}
