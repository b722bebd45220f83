import { useId } from 'react'
import type { MeterUsageWire } from '@headroom/sdk'
import { daysOf, mostUsed, roundTop, type Day, type History } from './history-days.ts'
import { shortDay } from './instants.ts'
import { countText } from './meter-words.ts'
import { counted, shortNumber, type Counted } from './numbers.ts'

/** Units of the drawing's height; it is stretched to its frame. */
const height = 100

/** One meter's running period: a bar for each day, drawn; the same figures stand in the table below. */
export function HistoryChart({
  history,
  meter,
}: {
  history: History
  meter: Pick<MeterUsageWire, 'label' | 'counted'>
}) {
  const titleId = useId()
  const days = daysOf(history)
  const most = mostUsed(days)
  const top = roundTop(most?.used ?? 0)
  const first = shortDay(days[0]!.date)
  const last = shortDay(days.at(-1)!.date)
  const summary =
    most === null ? 'Nothing used yet' : `Most on ${shortDay(most.date)}: ${counted(most.used, meter.counted)}`
  return (
    <figure className="hr-chart" aria-labelledby={titleId}>
      <figcaption className="hr-chart-title">
        <span id={titleId} className="hr-chart-label">
          {meter.label}
        </span>
        <span className="hr-chart-count">{countText(history, meter.counted)}</span>
      </figcaption>
      <div className="hr-chart-plot">
        <span className="hr-chart-top" aria-hidden="true">
          {most !== null && shortNumber(top)}
        </span>
        <svg
          className="hr-chart-bars"
          role="img"
          aria-label={`${meter.label} by day, ${first} to ${last}. ${summary}.`}
          viewBox={`0 0 ${days.length} ${height}`}
          preserveAspectRatio="none"
        >
          {days.map((day, index) => (
            <Bar key={day.date} {...{ day, index, top }} words={meter.counted} />
          ))}
        </svg>
        <div className="hr-chart-ends" aria-hidden="true">
          <span>{first}</span>
          <span>{last}</span>
        </div>
      </div>
      <p className="hr-chart-summary">{summary}</p>
    </figure>
  )
}

/** The whole column answers the pointer, also where its bar is low. The least that was used can be seen. */
function Bar({ day: { date, used }, index, top, words }: { day: Day; index: number; top: number; words: Counted }) {
  const tall = used === 0 ? 0 : Math.max(2, (used / top) * height)
  return (
    <g className="hr-chart-day">
      <title>{`${shortDay(date)}: ${counted(used, words)}`}</title>
      <rect className="hr-chart-column" x={index} y={0} width={1} height={height} />
      <rect className="hr-chart-bar" x={index + 0.14} y={height - tall} width={0.72} height={tall} />
    </g>
  )
}
