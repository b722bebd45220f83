/** Which build of the web app this page is, and whether the server has moved on since it was loaded. */
declare const KEN_BUILD: string

export const build = KEN_BUILD

let newest = build
const listeners = new Set<() => void>()

/** Called with the build the server names; a page that finds itself stale reloads at its next navigation, never in the middle of work. */
export function noticeBuild(named: string | null): void {
  if (named === null || named === '' || named === newest) return
  newest = named
  for (const listener of listeners) listener()
}

/** The server has moved on: what is open works on, and a reload brings what is new. */
export const isStale = (): boolean => build !== 'dev' && newest !== build

/** Hears of every newer build, until the returned function is called. */
export function onNewerBuild(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/**
 * True once per newer build: when the reload did not bring that build (an old copy in a cache), asking for it again would loop.
 */
export function shouldReload(): boolean {
  if (!isStale()) return false
  const key = 'ken.reloadedFor'
  try {
    if (sessionStorage.getItem(key) === newest) return false
    sessionStorage.setItem(key, newest)
  } catch {
    return false
  }
  return true
}

/** A part of this build that is gone from the server: the new page has its own. Not twice in a row, or a lost file would loop. */
export function shouldReloadForLostPart(now: number): boolean {
  const key = 'ken.lostPartAt'
  try {
    const last = Number(sessionStorage.getItem(key) ?? 0)
    sessionStorage.setItem(key, String(now))
    return now - last > 30_000
  } catch {
    return false
  }
}
