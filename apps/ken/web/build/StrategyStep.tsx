import { useState } from 'react'
import type { Strategy } from './api.ts'
import { Points } from './Points.tsx'
import { PointsField, pointsFault, pointsOf, TextField } from './TextFields.tsx'
import type { Edits } from './use-edits.ts'

/** The angle, the tone and what the mails rest on, to be read or changed. */
export function StrategyStep({ strategy, edits }: { strategy: Strategy; edits: Edits | null }) {
  const [angle, setAngle] = useState(strategy.angle)
  const [tone, setTone] = useState(strategy.tone)
  const [points, setPoints] = useState(strategy.points.join('\n'))

  if (edits === null) {
    return (
      <div className="stack">
        <p className="is-strong breakable">{strategy.angle}</p>
        <p className="breakable">
          <span className="quiet">Tone: </span>
          {strategy.tone}
        </p>
        <Points points={strategy.points} none="No points." />
      </div>
    )
  }

  const change = (changed: { angle?: string; tone?: string; points?: string }) => {
    const now = { angle, tone, points, ...changed }
    setAngle(now.angle)
    setTone(now.tone)
    setPoints(now.points)
    const isEmpty = now.angle.trim() === '' || now.tone.trim() === ''
    const wrong = isEmpty ? 'The strategy needs an angle and a tone.' : pointsFault(now.points)
    const kept = { angle: now.angle.trim(), tone: now.tone.trim(), points: pointsOf(now.points) }
    edits.edit('strategy', kept, wrong)
  }

  return (
    <div className="stack is-loose">
      <TextField
        label="Angle"
        help="What makes somebody read on."
        value={angle}
        rows={3}
        most={600}
        empty="Say what makes somebody read on."
        onChange={(typed) => change({ angle: typed })}
      />
      <TextField
        label="Tone"
        value={tone}
        rows={2}
        most={200}
        empty="Say how the mails should sound."
        onChange={(typed) => change({ tone: typed })}
      />
      <PointsField label="What the mails rest on" value={points} onChange={(typed) => change({ points: typed })} />
    </div>
  )
}
