import { useState } from 'react'
import type { Planning } from './api.ts'
import { Points } from './Points.tsx'
import { PointsField, pointsFault, pointsOf, TextField } from './TextFields.tsx'
import type { Edits } from './use-edits.ts'

/** The goal and the way there, to be read or changed. */
export function PlanningStep({ planning, edits }: { planning: Planning; edits: Edits | null }) {
  const [goal, setGoal] = useState(planning.goal)
  const [points, setPoints] = useState(planning.points.join('\n'))

  if (edits === null) {
    return (
      <div className="stack">
        <p className="is-strong breakable">{planning.goal}</p>
        <Points points={planning.points} none="No points." />
      </div>
    )
  }

  const change = (changed: { goal?: string; points?: string }) => {
    const now = { goal, points, ...changed }
    setGoal(now.goal)
    setPoints(now.points)
    const wrong = now.goal.trim() === '' ? 'The plan has no goal.' : pointsFault(now.points)
    edits.edit('planning', { goal: now.goal.trim(), points: pointsOf(now.points) }, wrong)
  }

  return (
    <div className="stack is-loose">
      <TextField
        label="Goal"
        value={goal}
        rows={2}
        most={300}
        empty="Say what the campaign should achieve."
        onChange={(typed) => change({ goal: typed })}
      />
      <PointsField label="Plan" value={points} onChange={(typed) => change({ points: typed })} />
    </div>
  )
}
