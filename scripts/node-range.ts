type Version = readonly [number, number, number]

/** Whether a package that declares `engines.node` so accepts this Node: the forms that occur in our lockfile. Throws on any other. */
export function acceptsNode(range: string, version: Version): boolean {
  return range.split('||').some((all) =>
    all
      .trim()
      .replaceAll(/([<>=^~])\s+/g, '$1')
      .split(/\s+/)
      .every((one) => accepts(one, version)),
  )
}

function accepts(comparator: string, version: Version): boolean {
  if (comparator === '' || comparator === '*') return true
  const found = /^(>=|<=|>|<|=|\^|~)?v?(\d+)(?:\.(\d+|x))?(?:\.(\d+|x))?$/.exec(comparator)
  if (!found) throw new Error(`Not understood: ${comparator}`)
  const [, operator = '', ...parts] = found
  const given = parts.filter((part): part is string => part !== undefined && part !== 'x').map(Number)
  const low: Version = [given[0]!, given[1] ?? 0, given[2] ?? 0]
  const order = compare(version, low)
  if (operator === '>=') return order >= 0
  if (operator === '<') return order < 0
  if (operator === '>') return order > 0
  if (operator === '<=') return order <= 0
  // ^1.2.3 stays within the major, ~1.2.3 within the minor, 1.2 within what is written.
  const fixed = operator === '^' ? 1 : operator === '~' ? 2 : given.length
  return order >= 0 && low.slice(0, fixed).every((part, index) => part === version[index])
}

const compare = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
