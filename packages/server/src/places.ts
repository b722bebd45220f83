/** A tree of paths such as /v1/workspaces/{workspace}/usage: a name in braces takes any one segment that is not empty. */

interface Place<Thing> {
  segments: Map<string, Place<Thing>>
  named: Place<Thing> | null
  found: { thing: Thing; names: string[] } | null
}

export class Places<Thing> {
  readonly #root: Place<Thing> = emptyPlace()

  /** Puts a thing at a path; what was there is replaced. */
  put(path: string, thing: Thing): void {
    let place = this.#root
    const names: string[] = []
    for (const segment of path.split('/').slice(1)) {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1]
      if (name !== undefined) names.push(name)
      const next = name === undefined ? place.segments.get(segment) : place.named
      const made = next ?? emptyPlace<Thing>()
      if (name === undefined) place.segments.set(segment, made)
      else place.named = made
      place = made
    }
    place.found = { thing, names }
  }

  /** What is at a path, and what stands where the names are, in their order. A segment that is escaped counts as what it says. */
  find(path: string): { thing: Thing; names: string[]; values: string[] } | null {
    let place: Place<Thing> | null = this.#root
    const values: string[] = []
    for (let start = 1; start <= path.length;) {
      const slash = path.indexOf('/', start)
      const end = slash < 0 ? path.length : slash
      const segment = unescaped(path.slice(start, end))
      const next: Place<Thing> | undefined = place.segments.get(segment)
      if (!next && segment !== '') values.push(segment)
      place = next ?? (segment === '' ? null : place.named)
      if (place === null) return null
      start = end + 1
      // A slash at the end is a segment more, and an empty one.
      if (slash === path.length - 1) return null
    }
    return place.found && { ...place.found, values }
  }
}

const emptyPlace = <Thing>(): Place<Thing> => ({ segments: new Map(), named: null, found: null })

function unescaped(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
