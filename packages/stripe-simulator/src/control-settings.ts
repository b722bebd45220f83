import { Badly, type ControlRoute } from './control-route.ts'
import { settingsOf, type Settings } from './settings.ts'
import type { Store } from './store.ts'

/** How this Stripe behaves: its deliveries, its faults, its clock. Only the fields that are named change. */
export const settingRoutes: ControlRoute[] = [
  {
    method: 'POST',
    path: '/_sim/webhooks',
    async handle({ store, settle }, { body }) {
      const { webhooks } = await change(store, 'webhooks', {
        duplicate: (value) => whole(value === true ? 1 : value === false ? 0 : value, 0, 5),
        delayMs: (value) => whole(value, 0, 365 * 86_400_000),
        reorder: flag,
        drop: (value) => share(value === true ? 1 : value === false ? 0 : value),
        paused: flag,
      })(body)
      if (body.paused === false) await settle()
      return webhooks
    },
  },
  {
    method: 'POST',
    path: '/_sim/faults',
    async handle({ store }, { body }) {
      const { faults } = await change(store, 'faults', {
        latencyMs: (value) => whole(value === null || value === false ? 0 : value, 0, 600_000),
        status: (value) => (value === null || value === false || value === 0 ? null : whole(value, 400, 599)),
        hang: flag,
        reset: flag,
        malformed: flag,
      })(body)
      return faults
    },
  },
  {
    method: 'POST',
    path: '/_sim/clock',
    async handle({ clock, settle }, { body }) {
      if (!clock.moving) throw new Badly(400, 'This simulator runs on real time: set HEADROOM_TEST_CLOCK=1 to move it')
      if (typeof body.advance !== 'string') throw new Badly(400, 'advance must be an ISO 8601 duration, such as P1M')
      const now = await clock.advance(body.advance)
      if (now === 'bad_duration') throw new Badly(400, `${body.advance} is not an ISO 8601 duration, such as P1M`)
      if (now === 'backwards') throw new Badly(400, 'The clock may not go back')
      await settle()
      return { now: new Date(now).toISOString() }
    },
  },
]

/** Undefined: it cannot be. */
type Readers<Section> = { [Name in keyof Section]: (value: unknown) => Section[Name] | undefined }

function change<Name extends keyof Settings>(store: Store, section: Name, readers: Readers<Settings[Name]>) {
  return (body: Record<string, unknown>): Promise<Settings> => {
    const named: Record<string, unknown> = {}
    for (const [field, value] of Object.entries(body)) {
      if (!(field in readers)) {
        throw new Badly(400, `${field} is not known here; ${Object.keys(readers).join(', ')} are`)
      }
      const read = readers[field as keyof Settings[Name]](value)
      if (read === undefined) throw new Badly(400, `${field} cannot be ${JSON.stringify(value)}`)
      named[field] = read
    }
    return store.transaction(async (tx) => {
      const settings = settingsOf({ ...tx.settings, [section]: { ...tx.settings[section], ...named } })
      await tx.query('update stripe_simulator.gate set settings = $1', [JSON.stringify(settings)])
      return settings
    })
  }
}

const flag = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : value === null || value === 0 ? false : undefined

function whole(value: unknown, least: number, most: number): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most ? value : undefined
}

const share = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined
