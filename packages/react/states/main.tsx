/** The page of all states: a list on the left, the chosen one beside it, by the address: #card-near. */
import '@fontsource-variable/inter/index.css'
import '../src/styles.css'
import './page.css'
import { useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { allStates } from './index.ts'
import { prepare } from './prepare.ts'
import type { State } from './state.ts'

const states = allStates.flatMap((of) => of.states)

function onHash(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

function Page() {
  const name = useSyncExternalStore(onHash, () => window.location.hash.slice(1))
  const shown = states.find((state) => state.name === name) ?? states[0]!
  return (
    <div className="states">
      <nav aria-label="States" className="states-list">
        {allStates.map(({ part, states: own }) => (
          <div key={part}>
            <h2>{part}</h2>
            <ul>
              {own.map((state) => (
                <li key={state.name}>
                  <a href={`#${state.name}`} aria-current={state === shown ? 'page' : undefined}>
                    {state.title}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <main>
        <h1>{shown.title}</h1>
        <p>{shown.when}</p>
        <Shown key={shown.name} state={shown} />
      </main>
    </div>
  )
}

function Shown({ state }: { state: State }) {
  const place = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    void prepare(state, document).then(() => place.current?.setAttribute('data-ready', state.name))
  }, [state])
  return (
    <div ref={place} className="state">
      {state.node}
    </div>
  )
}

createRoot(document.getElementById('root')!).render(<Page />)
