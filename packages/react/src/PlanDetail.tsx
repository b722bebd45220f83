import type { ReactNode } from 'react'

export interface PlanDetailProps {
  label: string
  /** In a word or two: "Ready". */
  value: string
  tone?: 'neutral' | 'good' | 'warn' | 'danger'
  /** What the value means, or what to do. */
  children?: ReactNode
}

/** A line of the plan card for what comes with the plan and is not counted, such as whether the sending domains are ready. */
export function PlanDetail({ label, value, tone = 'neutral', children }: PlanDetailProps) {
  return (
    <dl className="hr-plan-detail">
      <dt>{label}</dt>
      <dd>
        <span className="hr-chip" data-tone={tone}>
          {value}
        </span>
        {children}
      </dd>
    </dl>
  )
}
