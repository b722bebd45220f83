/**
 * How long somebody waits: from `npm start` to the first answer, in a new data directory and in a used one, and on the Billing page
 * to the first meter. Installed, and built once before: what is measured is the start, not the compilers.
 */
import { buildWeb } from '../apps/ken/build-web.ts'
import { bundled } from '../start/bundle.mjs'
import { median } from './figures.ts'
import type { Bench, Ratio, Section } from './section.ts'
import { openBilling } from './start-billing.ts'
import { newDataDir, removeDataDir, startTimed } from './start-process.ts'

const visits = 5

export async function start(bench: Bench): Promise<Section> {
  await Promise.all([buildWeb(), bundled(new URL('..', import.meta.url))])
  const seconds = { cold: [] as number[], warm: [] as number[] }
  let billing: Ratio[] = []
  // Round 0 warms up and does not count.
  for (let round = 0; round <= bench.rounds; round++) {
    const dataDir = await newDataDir()
    try {
      for (const kind of ['cold', 'warm'] as const) {
        const product = await startTimed(dataDir)
        try {
          bench.log(
            `round ${round}, ${kind} start: ${product.firstReserveSeconds.toFixed(2)} s to the first reservation`,
          )
          if (round > 0) seconds[kind].push(product.firstReserveSeconds)
          if (round === bench.rounds && kind === 'warm') billing = await billingOf(product.url)
        } finally {
          await product.stop()
        }
      }
    } finally {
      await removeDataDir(dataDir)
    }
  }
  return {
    results: [],
    ratios: [goal('coldStartSeconds', seconds.cold, 3), goal('warmStartSeconds', seconds.warm, 1.5), ...billing],
    noisy: [],
  }
}

async function billingOf(url: string): Promise<Ratio[]> {
  try {
    const { jsKbGzip, firstMeterMs } = await openBilling(url, visits)
    return [goal('billingPageJsKbGzip', [jsKbGzip], 180), goal('billingFirstMeterMs', firstMeterMs, 800)]
  } catch (error) {
    const note = `no browser, or it saw no meter: ${(error as Error).message.split('\n')[0]}`
    return [
      { name: 'billingPageJsKbGzip', value: null, goal: { atMost: 180 }, note },
      { name: 'billingFirstMeterMs', value: null, goal: { atMost: 800 }, note },
    ]
  }
}

function goal(name: string, values: number[], atMost: number): Ratio {
  const range = [Math.min(...values), Math.max(...values)].map((value) => value.toPrecision(3)).join('-')
  const note = values.length > 1 ? { note: `${values.length} times, ${range}` } : {}
  return { name, value: median(values), goal: { atMost }, ...note }
}
