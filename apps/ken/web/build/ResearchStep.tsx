import type { Build } from './api.ts'
import { Points } from './Points.tsx'

/** What Ken has understood. It is not edited: a better file or answer and doing it again make it better. */
export function ResearchStep({ build, research }: { build: Build; research: NonNullable<Build['research']> }) {
  const { files, brief } = build
  return (
    <div className="stack">
      <p className="breakable">{research.summary}</p>
      <h3 className="small-title">Facts</h3>
      <Points points={research.facts} none="No fact of its own was found." />
      <details className="details">
        <summary>What Ken was told</summary>
        <dl className="facts build-told">
          <dt>Company</dt>
          <dd>{brief.company || '–'}</dd>
          <dt>Website</dt>
          <dd>{brief.website || '–'}</dd>
          <dt>Offer</dt>
          <dd>{brief.offer || '–'}</dd>
          <dt>Audience</dt>
          <dd>{brief.audience || '–'}</dd>
          <dt>Goal</dt>
          <dd>{brief.goal || '–'}</dd>
          <dt>Files</dt>
          <dd>{files.length === 0 ? 'none' : files.map(({ name }) => name).join(', ')}</dd>
        </dl>
      </details>
    </div>
  )
}
