/** Where a request goes: path and query, as its URL would have them, without building one for what is ordinary. */

export interface Target {
  /** As in a URL: what must be escaped is. */
  path: string
  /** Without its question mark; '' where there is none. */
  query: string
}

/** Characters that a URL leaves as they are, in a path and in a query. */
const ordinaryTarget = /^\/[!#$&-;=?-[\]_a-z~]*$/
const dotSegment = /\/\.\.?(?:[/?#]|$)/
const ordinaryHost = /^[a-z0-9._-]+(?::(?:[1-5]\d{3,4}|[6-9]\d{3}))?$/

/** Null where target and Host make no URL. */
export function targetOf(url: string, host: string): Target | null {
  const isOrdinary = ordinaryTarget.test(url) && !dotSegment.test(url) && ordinaryHost.test(host)
  const whole = isOrdinary ? withoutFragment(url) : normalised(url, host)
  if (whole === null) return null
  const query = whole.indexOf('?')
  return query < 0 ? { path: whole, query: '' } : { path: whole.slice(0, query), query: whole.slice(query + 1) }
}

function withoutFragment(url: string): string {
  const at = url.indexOf('#')
  return at < 0 ? url : url.slice(0, at)
}

function normalised(url: string, host: string): string | null {
  const isAbsolute = /^https?:\/\//.test(url)
  if ((!isAbsolute && !url.startsWith('/')) || /^[^?]*\\/.test(url)) return null
  const whole = isAbsolute ? url : `http://${host}${url}`
  if (!URL.canParse(whole)) return null
  const { hostname, pathname, search } = new URL(whole)
  // A Host that is more than a host has become part of something else.
  const isHost = hostname.length === host.length || hostname === host.replace(/:\d+$/, '').toLowerCase()
  return isAbsolute || isHost ? pathname + search : null
}
