/** Builds the path of a request from ids, whatever characters they have. */

/**
 * `path\`/v1/workspaces/${id}/usage\``: each value becomes exactly one segment. An empty id and the two dot segments are refused here,
 * because a URL with them means another resource.
 */
export function path(literals: TemplateStringsArray, ...ids: string[]): string {
  return literals.reduce((built, literal, at) => built + segment(ids[at - 1]!) + literal)
}

function segment(id: string): string {
  if (id === '' || id === '.' || id === '..') throw new TypeError(`"${id}" is not an id.`)
  return encodeURIComponent(id)
}

/** The query of the values that are set, with its question mark; empty when none is. */
export function query(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== undefined)
  return set.length === 0 ? '' : `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString()}`
}
