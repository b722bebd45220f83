/** Figures for /metrics, in Prometheus' text format. Labels are route names and statuses: no id, key or path ever becomes one. */
import { statfs } from 'node:fs/promises'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { Spread, type EngineInterface } from '@headroom/engine'
import type { Money } from '@headroom/stripe'
import type { BooksWatch } from './books-watch.ts'
import { urgencies, within, type Urgencies } from './urgency.ts'

/** Prometheus gives up after ten seconds, and then there are no figures at all. */
const lookMs = 3_000

export class Metrics {
  readonly #registry = new Registry()
  readonly #routes = new Map<string, RouteFigures>()
  readonly streams: Gauge

  constructor(build: string) {
    const registers = [this.#registry]
    // Its usual 10 ms woke an idle process a hundred times a second.
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 200 })
    this.streams = new Gauge({ name: 'headroom_event_streams', help: 'Open usage event streams.', registers })
    const info = new Gauge({
      name: 'headroom_build_info',
      help: 'The running build.',
      labelNames: ['build'],
      registers,
    })
    info.set({ build }, 1)
  }

  /** Where the answers of a route are counted; several may share one. */
  of(route: string): RouteFigures {
    const figures = this.#routes.get(route) ?? new RouteFigures()
    this.#routes.set(route, figures)
    return figures
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
    const own = {
      ...requestFigures(this.#routes),
      ...urgencyFigures(ours),
      ...watch.figures,
      audit_age_seconds: watch.ageSeconds,
      ...disk,
    }
    return (
      registered +
      figuresOf('headroom', own) +
      figuresOf('headroom_engine', { ...up, ...books }) +
      figuresOf('headroom', sales ?? {})
    )
  }
}

/** What one route has answered. Counted for every request: by the library's counters, which look up their labels, it took 6 µs of 170. */
class RouteFigures {
  readonly byStatus = new Map<number, number>()
  /** From the first byte of a request to its answer. */
  readonly seconds = new Spread([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10])

  answered(status: number, ms: number): void {
    this.byStatus.set(status, (this.byStatus.get(status) ?? 0) + 1)
    this.seconds.add(ms / 1000)
  }
}

function requestFigures(routes: ReadonlyMap<string, RouteFigures>): Record<string, number> {
  const counts: [string, number][] = []
  const spreads: Record<string, number>[] = []
  for (const [route, { byStatus, seconds }] of routes) {
    if (byStatus.size === 0) continue
    for (const [status, count] of byStatus)
      counts.push([`http_requests_total{route="${route}",status="${status}"}`, count])
    spreads.push(Spread.figures('http_request_seconds', [seconds], `route="${route}"`))
  }
  return Object.assign(Object.fromEntries(counts), ...spreads) as Record<string, number>
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

/** What the lines of a histogram end in. */
const part = /_(?:bucket|sum|count)$/

/** Each under its type: what ends in _total only grows, what has buckets is one histogram, everything else goes up and down. */
function figuresOf(prefix: string, figures: Record<string, number>): string {
  const histograms = new Set(Object.keys(figures).flatMap((whole) => /^(.+)_bucket\{/.exec(whole)?.slice(1) ?? []))
  const typed = new Set<string>()
  let text = ''
  for (const [whole, figure] of Object.entries(figures)) {
    const [name = '', labels] = whole.split('{')
    const isOfHistogram = histograms.has(name.replace(part, ''))
    const metric = `${prefix}_${name.replace(/[^A-Za-z0-9_]/g, '_')}`
    const family = isOfHistogram ? metric.replace(part, '') : metric
    const type = isOfHistogram ? 'histogram' : metric.endsWith('_total') ? 'counter' : 'gauge'
    if (!typed.has(family)) text += `# TYPE ${family} ${type}\n`
    typed.add(family)
    text += `${metric}${labels === undefined ? '' : `{${labels}`} ${figure}\n`
  }
  return text
}
