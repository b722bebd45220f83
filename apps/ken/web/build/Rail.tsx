import { Check } from 'lucide-react'
import '../styles/build-rail.css'
import type { Build, BuildStepName } from './api.ts'
import { buildSteps, indexOf, stepOf } from './steps.ts'

/** The eight steps as dots: what is done, where it stands, what the builder works on. A done step can be looked at again. */
export function Rail({
  build,
  shown,
  onShow,
}: {
  build: Build
  shown: BuildStepName
  onShow: (step: BuildStepName) => void
}) {
  const current = indexOf(build.step)
  return (
    <nav aria-label="Steps" className="rail">
      <ol className="rail-steps">
        {buildSteps.map(({ name, label }, index) => {
          const state = stateOf(build, name, current)
          const inside = (
            <>
              <span className="rail-dot" aria-hidden>
                {state === 'done' ? <Check size={14} strokeWidth={3} /> : index + 1}
              </span>
              <span className="rail-label">{label}</span>
              <span className="visually-hidden"> ({words[state]})</span>
            </>
          )
          return (
            <li key={name} className={`rail-step is-${state}`}>
              {state === 'later' ? (
                <span className="rail-place">{inside}</span>
              ) : (
                <button
                  type="button"
                  className="rail-place"
                  aria-current={name === shown ? 'step' : undefined}
                  onClick={() => onShow(name)}
                >
                  {inside}
                </button>
              )}
            </li>
          )
        })}
      </ol>
      <p className="rail-short quiet">
        Step {indexOf(shown) + 1} of {buildSteps.length}: {stepOf(shown).label}
      </p>
    </nav>
  )
}

type RailState = 'done' | 'working' | 'here' | 'later'

const words: Record<RailState, string> = {
  done: 'done',
  working: 'Ken is working on it',
  here: 'the build stands here',
  later: 'not yet',
}

function stateOf({ state, working }: Build, name: BuildStepName, current: number): RailState {
  const index = indexOf(name)
  if (working === name) return 'working'
  if (index < current || state === 'completed') return 'done'
  return index > current ? 'later' : 'here'
}
