import type { Build, BuildStepName } from './api.ts'
import { stepOf } from './steps.ts'

/** The builder is at work: what it does, in words, over the place of what it will bring. */
export function Working({ build, step }: { build: Build; step: BuildStepName }) {
  const words = stepOf(step).working
  return (
    <div className="build-working">
      <div className="build-progress" role="progressbar" aria-label={stepOf(step).label} aria-valuetext={words}>
        <div className="build-progress-bar" />
      </div>
      <p id="build-working">{words}</p>
      <p className="quiet breakable">
        {build.builder === 'offline' ? 'This takes a few seconds.' : `With ${build.builder}, this can take a minute.`}{' '}
        You can look at the earlier steps meanwhile.
      </p>
    </div>
  )
}
