/**
 * Stories of the books as tables that a bookkeeper can read: one act a line, the expected answer beside it, balances after it.
 *
 *   Nov 2 10:00   reserve imp_1 leads 600         201 held               leads: 0 used, 600 reserved, 400 left
 *         10:05   commit imp_1 leads 450          200 committed          leads: 450 used, 0 reserved, 550 left
 *
 * Columns stand two or more spaces apart. The day stays until another is named; the year is 2026 unless it is named.
 * An answer column lists what must be among the answer's words; a balance names the figures that matter, "of Nov 2" a period by its start.
 *
 *   create free | starter 1000 [yearly] [anchored Nov 2 10:00]     look (read only) · settle
 *   reserve <id> <lines> [partial] [for 15m]                       use <lines> · record <lines>
 *   part <id> <lines> · commit <id> <lines or nothing>             buy <purchase> <lines> · give <grant> <lines>
 *   release <id> · extend <id> 15m                                 refund <purchase> <lines>
 *   plan growth 5000 [yearly] [anchored now] [at the period's end] [past due until Nov 9 10:00 | suspended | active]
 *   read 3: growth 5000 [yearly] [anchored Nov 2 10:00] [trialing | suspended | past due until Nov 9 10:00] [then free at Dec 2 10:00]
 *   read 4: nothing     the payment provider's subscription as its third or fourth reading has it; the anchor stays until another is named
 *   ledger <meter>: its entries so far, oldest first
 *
 * Before an act: "as a member:" asks for another viewer, "key k1:" sends an Idempotency-Key.
 */
import { expect } from 'vitest'
import type { Catalog } from '../src/catalog.ts'
import { settled } from '../src/decide.ts'
import type { Operation, SyncSubscription } from '../src/operations.ts'
import { balancesWire } from '../src/view.ts'
import type { BalanceWire } from '../src/wire.ts'
import type { Instant, Line, Role } from '../src/words.ts'
import { hashed, workspace } from './requests.ts'
import { run } from './run.ts'
import { Store } from './store.ts'
import { months, textOf, wordsOf } from './table-words.ts'

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** "10:00", "Nov 2", "Nov 2 10:00:59.999", "Feb 28 2027 10:00"; a missing day is that of `before`. */
export function instantOf(text: string, before: Instant): Instant {
  const found = /^(?:([A-Z][a-z]{2}) (\d+)(?: (\d{4}))?)?\s*(?:(\d+):(\d+)(?::(\d+(?:\.\d+)?))?)?$/.exec(text.trim())
  if (!found || text.trim() === '') throw new Error(`not an instant: "${text}"`)
  const [, month, day, year = '2026', hours = '0', minutes = '0', seconds = '0'] = found
  const date = month
    ? Date.UTC(Number(year), months.indexOf(month), Number(day))
    : Math.floor(before / units.d) * units.d
  return date + Number(hours) * units.h + Number(minutes) * units.m + Math.round(Number(seconds) * 1000)
}

function milliseconds(text: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? []
  if (!count || !unit) throw new Error(`not a duration: "${text}"`)
  return Number(count) * units[unit as keyof typeof units]
}

/** "leads 600 + email_sends 2400", "nothing". */
function linesOf(text: string): Line[] {
  if (text === 'nothing') return []
  return text.split(' + ').map((part) => {
    const [meter, quantity] = part.trim().split(' ')
    return { meter: meter!, quantity: Number(quantity!.replaceAll(',', '')) }
  })
}

/** Takes a word group out of an act: the rest, and what the group held. */
function take(act: string, group: RegExp): [rest: string, found: string | undefined] {
  const found = group.exec(act)
  return found ? [act.replace(group, '').trim(), found[1] ?? found[0]] : [act, undefined]
}

/** Plays a table against fresh books; the first line that does not come out as written fails, with its number. */
export function play(catalog: Catalog, table: string): void {
  const story = new Story(catalog)
  table.split('\n').forEach((line, index) => {
    const [time, act, ...expected] = line.trim().split(/\s{2,}/)
    if (line.trim() === '') return
    if (act === undefined || expected.length === 0) throw new Error(`line ${index} lacks a column: ${line}`)
    story.tell(`line ${index}: ${line.trim()}`, time!, act, expected)
  })
}

class Story {
  readonly #store: Store
  #now: Instant = 0
  #uses = 0
  #anchor: Instant = 0

  constructor(catalog: Catalog) {
    this.#store = new Store(catalog)
  }

  tell(where: string, time: string, act: string, [answer, ...balances]: string[]): void {
    this.#now = instantOf(time, this.#now)
    if (act.startsWith('ledger ')) expect(this.#ledger(act.slice(7)), where).toBe(answer)
    else if (act !== 'look') {
      const words = this.#do(act)
      for (const phrase of answer!.split(', ')) expect(words, where).toContain(phrase)
    }
    for (const balance of balances) this.#check(where, balance)
  }

  #do(act: string): string[] {
    const operation = this.#operation(act)
    const { answers } = run(this.#store, [operation], this.#now)
    return wordsOf(answers[0]!)
  }

  #ledger(meter: string): string {
    const own = [...this.#store.entries.rows.values()].filter((entry) => entry.meter === meter)
    return own.map(({ kind, quantity }) => `${kind} ${quantity ?? 'unlimited'}`).join(', ')
  }

  #check(where: string, balance: string): void {
    const [, meter, period, figures] = /^(\w+)(?: of (.+?))?: (.+)$/.exec(balance) ?? []
    if (!meter || !figures) throw new Error(`${where}: not a balance: "${balance}"`)
    const row = period ? this.#past(meter, instantOf(period, this.#now)) : this.#current(meter)
    const { used, reserved, limit, available, overage } = row
    const words = [
      `${used} used`,
      `${reserved} reserved`,
      available === null ? 'unlimited' : `${available} left`,
      `limit ${limit ?? 'unlimited'}`,
      `${overage} over`,
    ]
    for (const figure of figures.split(', ')) expect(words, `${where}\n${balance}`).toContain(figure)
  }

  /** As a reader sees it: what is overdue is settled in memory, nothing is written. */
  #current(meter: string): BalanceWire {
    const draft = settled(this.#store.load([operationOf({ op: 'settle' })], this.#now), workspace, this.#now, Infinity)
    return balancesWire(draft, [meter]).balances[0]!
  }

  #past(meter: string, start: Instant): Pick<BalanceWire, 'limit' | 'used' | 'reserved' | 'available' | 'overage'> {
    const row = this.#store.balances.rows.get(`${workspace} ${start} ${meter}`)
    if (!row) throw new Error(`no balance of ${meter} from ${textOf(start)}`)
    return { ...row, available: row.limit === null ? null : Math.max(0, row.limit - row.used - row.reserved) }
  }

  #operation(whole: string): Operation {
    const [asked, viewer] = take(whole, /^as an? (\w+): /)
    const [act, key] = take(asked, /^key (\w+): /)
    const operation = this.#act(act)
    return hashed({ ...operation, key: key ?? null, viewer: (viewer ?? 'admin') as Role } as Operation)
  }

  #act(act: string): Operation {
    const [verb, id = '', ...rest] = act.split(' ')
    const [words, all] = [rest.join(' '), [id, ...rest].join(' ')]
    switch (verb) {
      case 'create':
        return this.#create(all)
      case 'reserve': {
        const [more, ttl] = take(words, / for (\w+)$/)
        const [lines, partial] = take(more, / partial$/)
        return operationOf({
          op: 'reserve',
          id,
          lines: linesOf(lines),
          partial: partial !== undefined,
          ttlSeconds: milliseconds(ttl ?? '15m') / 1000,
          reference: null,
          metadata: null,
        })
      }
      case 'part':
      case 'commit':
        return operationOf({ op: 'commit', id, lines: linesOf(words), final: verb === 'commit' })
      case 'release':
        return operationOf({ op: 'release', id })
      case 'extend':
        return operationOf({ op: 'extend', id, ttlSeconds: milliseconds(words) / 1000 })
      case 'use':
      case 'record':
        this.#uses += 1
        return operationOf({
          op: 'use',
          id: `use_${this.#uses}`,
          lines: linesOf(all),
          mode: verb === 'use' ? 'enforce' : 'record',
          reference: null,
        })
      case 'buy':
      case 'give':
        return operationOf({
          op: 'grant',
          source: { type: verb === 'buy' ? 'purchase' : 'operator', id },
          lines: linesOf(words),
          reason: null,
        })
      case 'refund':
        return operationOf({ op: 'refund', source: { type: 'purchase', id }, lines: linesOf(words) })
      case 'plan':
        return this.#plan(all)
      case 'read':
        return this.#read(all)
      case 'settle':
        return operationOf({ op: 'settle' })
      default:
        throw new Error(`not an act: "${act}"`)
    }
  }

  #create(text: string): Operation {
    const [more, anchor] = take(text, / anchored (.+)$/)
    const [plan, contacts, interval] = planOf(more)
    return operationOf({
      op: 'create-workspace',
      name: 'Acme',
      plan,
      contacts,
      interval,
      anchor: anchor ? instantOf(anchor, this.#now) : null,
    })
  }

  #plan(text: string): Operation {
    const [more, atEnd] = take(text, / at the period's end$/)
    const { plan, contacts, interval, anchor, status, graceUntil } = this.#subscription(more)
    return operationOf({
      op: 'set-plan',
      plan,
      contacts,
      interval,
      when: atEnd ? 'periodEnd' : 'now',
      anchor,
      status,
      graceUntil,
    })
  }

  #read(text: string): Operation {
    const [, number, more] = /^(\d+): (.+)$/.exec(text)!
    const reading = Number(number)
    if (more === 'nothing') return operationOf({ op: 'sync-subscription', reading, subscription: null })
    const [first, then] = take(more!, / then (.+)$/)
    const { anchor, status, ...read } = this.#subscription(first)
    this.#anchor = anchor ?? this.#anchor
    const subscription = { ...read, reference: 'sub_1', anchor: this.#anchor, status: status ?? ('active' as const) }
    return operationOf({
      op: 'sync-subscription',
      reading,
      subscription: { ...subscription, pending: this.#then(then) },
    })
  }

  #then(text: string | undefined): NonNullable<SyncSubscription['subscription']>['pending'] {
    if (text === undefined) return null
    const [what, at] = take(text, / at (.+)$/)
    const [plan, contacts, interval] = planOf(what)
    return { plan, contacts, interval, at: instantOf(at!, this.#now) }
  }

  /** "growth 5000 yearly anchored now past due until Nov 9 10:00" */
  #subscription(text: string) {
    const [second, until] = take(text, / past due until (.+)$/)
    const [third, status] = take(second, / (suspended|active|trialing)$/)
    const [fourth, anchor] = take(third, / anchored (.+)$/)
    const [plan, contacts, interval] = planOf(fourth)
    return {
      plan,
      contacts,
      interval,
      anchor: anchor ? (anchor === 'now' ? this.#now : instantOf(anchor, this.#now)) : null,
      status: (until ? 'past_due' : (status ?? null)) as 'active' | 'past_due' | 'suspended' | 'trialing' | null,
      graceUntil: until ? instantOf(until, this.#now) : null,
    }
  }
}

type Unasked<O> = O extends unknown
  ? Omit<O, 'workspace' | 'request' | 'key' | 'requestId' | 'actor' | 'viewer'>
  : never

function operationOf(act: Unasked<Operation>): Operation {
  return { ...act, workspace, request: '', key: null, requestId: 'req', actor: 'key_1', viewer: 'admin' } as Operation
}

/** "starter 1000 yearly" */
function planOf(text: string): [plan: string, contacts: number | null, interval: 'month' | 'year'] {
  const [more, yearly] = take(text, / yearly$/)
  const [plan, contacts] = more.split(' ')
  return [plan!, contacts === undefined ? null : Number(contacts.replaceAll(',', '')), yearly ? 'year' : 'month']
}
