import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** A page loads the client and the parts, and with them nothing but fetch and React. */
test.each([
  ['sdk', /^\.{1,2}\//],
  ['react', /^(\.{1,2}\/|react(-dom)?$|@headroom\/sdk$)/],
])('%s brings nothing else into a page: of core it takes types alone', (name, allowed) => {
  const folder = new URL(`../../${name}/src/`, import.meta.url)
  for (const file of readdirSync(folder).filter((each) => /\.tsx?$/.test(each))) {
    const source = readFileSync(new URL(file, folder), 'utf8')
    for (const [, kind, from] of source.matchAll(/^(?:import|export)( type)? [^'";]*?from '([^']+)'/gms)) {
      if (kind === undefined) expect(from, `${file} imports ${from}`).toMatch(allowed)
    }
    expect(source, file).not.toMatch(/^import '|import\(|require\(|from 'node:/m)
  }
})
