/**
 * Which workspace this tab is in. Every request names it, so a tab that was left open never acts in another one, whatever the browser's
 * other tabs do. It survives a reload with the tab; a new tab begins where this browser was last, which a cookie says.
 */
const key = 'ken.workspace'
const parameter = 'workspace'

let current: string | null = stored()

export const tabWorkspace = (): string | null => current

/** This tab is in that workspace from now on. */
export function enterWorkspace(id: string): void {
  const isNew = id !== current
  current = id
  store(id)
  if (isNew || document.hasFocus()) remember()
}

/** Nobody is signed in here any more, or not in that workspace. */
export function forgetWorkspace(): void {
  current = null
  store(null)
  document.cookie = `${key}=; path=/; max-age=0; samesite=lax`
}

/** Everything on the page is another workspace's then: it is loaded anew. */
export function switchWorkspace(id: string): void {
  enterWorkspace(id)
  window.location.assign('/campaigns')
}

/** Takes the workspace out of an address that names one, such as a link in a mail; answers the address without it. */
export function enterFromAddress(href: string): string {
  const url = new URL(href, window.location.origin)
  const named = url.searchParams.get(parameter)
  if (named === null) return href
  if (/^[A-Za-z0-9_-]{1,100}$/.test(named)) enterWorkspace(named)
  url.searchParams.delete(parameter)
  return url.pathname + url.search + url.hash
}

/** A preference for the next tab, and for the server that decides about a typed address. It gives no right to anything. */
function remember(): void {
  if (current === null) return
  const secure = window.location.protocol === 'https:' ? '; secure' : ''
  document.cookie = `${key}=${current}; path=/; max-age=31536000; samesite=lax${secure}`
}

function stored(): string | null {
  try {
    return sessionStorage.getItem(key)
  } catch {
    return null
  }
}

function store(id: string | null): void {
  try {
    if (id === null) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, id)
  } catch {
    // A browser that stores nothing keeps it until the page is closed.
  }
}

if (typeof window !== 'undefined') {
  const bare = enterFromAddress(window.location.href)
  if (bare !== window.location.href) window.history.replaceState(window.history.state, '', bare)
  // The tab one looks at is where this browser was last.
  window.addEventListener('focus', remember)
}
