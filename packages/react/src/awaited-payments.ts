/** Payments this browser has come back from and that Stripe has not confirmed yet: since when, and the session support finds them by. */
export interface Awaited {
  sinceMs: number
  session: string
}

const key = 'headroom.awaitedPurchases'

/** The first word counts: opening the link again, or asking about its session before, does not begin the wait anew. */
export function awaitPurchase(id: string, session: string): void {
  const all = stored()
  store({ ...all, [id]: all[id] ?? { sinceMs: all[session]?.sinceMs ?? Date.now(), session } })
}

/** Of a checkout that could not be asked about yet only the session is known: which purchase it is, Stripe has to say. */
export const awaitSession = (session: string): void => awaitPurchase(session, session)

export const awaitedSessions = (): string[] =>
  Object.entries(stored()).flatMap(([id, { session }]) => (id === session ? [session] : []))

export function awaitedPurchase(id: string): Awaited | null {
  return stored()[id] ?? null
}

export function forgetAwaited(id: string): void {
  const { [id]: gone, ...rest } = stored()
  if (gone !== undefined) store(rest)
}

let here: Record<string, Awaited> = {}

function store(all: Record<string, Awaited>): void {
  here = all
  try {
    localStorage.setItem(key, JSON.stringify(all))
  } catch {
    // A browser that stores nothing remembers until the page is closed.
  }
}

function stored(): Record<string, Awaited> {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(key) ?? '{}')
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, Awaited>) : {}
  } catch {
    return here
  }
}
