/** The pictures of the states, and the page of the docs that shows them. */
import type { State, StatesOf } from './state.ts'

export interface Picture {
  state: string
  look: 'light' | 'dark' | '390'
  file: string
}

/** The pictures of a state: at 1280 px in light, and in the looks it names. */
export function picturesOf({ name, also = [] }: Pick<State, 'name' | 'also'>): Picture[] {
  const others = also.map((look) => ({ state: name, look, file: `${name}.${look}.png` }))
  return [{ state: name, look: 'light', file: `${name}.png` }, ...others]
}

/** docs/reference/react-states.md, whole. */
export function pageOf(all: readonly StatesOf[]): string {
  return `${head}\n${all.map(partOf).join('\n')}`
}

const head = `# Every state of the React parts

What each part of [\`@headroom/react\`](react.md) shows, state by state. Each is rendered by a test
(\`packages/react/test/states.test.tsx\`) from what it is handed, and drawn from the same source at 1280 px in light, some
also in dark and at 390 px. To look at them in a browser: \`npm run states -w @headroom/react\`. To draw them anew, and
this page with them: \`npm run pictures -w @headroom/react\`.
`

const partOf = ({ part, states }: StatesOf): string =>
  `## ${part}\n\n${states.map((state) => stateOf(part, state)).join('\n')}`

function stateOf(part: string, state: State): string {
  const [light, ...others] = picturesOf(state)
  const also = others.map(({ look, file }) => `[${look === 'dark' ? 'dark' : '390 px'}](states/${file})`)
  const more = also.length === 0 ? '' : `\nAlso ${also.join(' · ')}\n`
  return `### ${part}: ${state.title}\n\n${state.when}\n\n![${part}: ${state.title}](states/${light!.file})\n${more}`
}
