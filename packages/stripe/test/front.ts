/** A door in front of the simulator, at which a test may hold requests up, lose their answers or answer itself. */
import { createMoney, type Money } from '../src/index.ts'
import { publicUrl, secret, secretKey, type Harness } from './harness.ts'
import { listen } from './listen.ts'

/** Answers instead of the simulator; undefined: the request goes on to it. `pass` asks it at once. */
export type Guard = (request: Request, pass: () => Promise<Response>) => Promise<Response | undefined>

export class Front {
  /** Asks Stripe through this door. Not started. */
  readonly money: Money
  /** Where Stripe is, through this door. */
  readonly apiBase: string
  readonly close: () => Promise<void>
  guard: Guard | undefined

  constructor(parts: { money: Money; apiBase: string; close: () => Promise<void> }) {
    this.money = parts.money
    this.apiBase = parts.apiBase
    this.close = parts.close
  }
}

/** `at`: where people come back to from Stripe. */
export async function openFront(harness: Harness, at = publicUrl): Promise<Front> {
  const door = await listen(async (request) => {
    const pass = () => harness.simulator.fetch(request.clone() as Request)
    return (await front.guard?.(request, pass)) ?? pass()
  })
  const apiBase = `${door.url}/stripe-simulator`
  const money = createMoney({
    engine: harness.engine,
    secretKey,
    apiBase,
    webhookSecrets: [secret],
    publicUrl: at,
    log: (level, message, fields) => harness.logged.push({ level, message, ...fields }),
    times: { purchasesMs: 1e9, unlookedMs: 0, eventsMs: 1e9, customersMs: 1e9 },
  })
  const front = new Front({ money, apiBase, close: () => door.close() })
  return front
}

/** Whether it asks for something to be made there, e.g. 'checkout/sessions'. */
export const makes = (request: Request, what: string): boolean =>
  request.method === 'POST' && new URL(request.url).pathname.endsWith(`/v1/${what}`)

/** An error as Stripe sends it. */
export const stripeFault = (status: number, error: { type: string; message: string; code?: string; param?: string }) =>
  Response.json({ error }, { status })
