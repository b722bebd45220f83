/** Payments this browser has come back from and that Stripe has not confirmed yet: since when, and the session support finds them by. */
export interface Awaited {
  sinceMs: number
  session: string
}

const key = 'ken.awaitedPurchases'

/** The first word counts: opening the link again does not begin the wait anew. */
export function awaitPurchase(id: string, session: string): void {
  const all = stored()
  store({ ...all, [id]: all[id] ?? { sinceMs: Date.now(), session } })
}

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
