import { useId } from 'react'
import type { Schedule } from './api.ts'
import { dayNames, hour, scheduleInWords } from './words.ts'

/** What keeps a schedule from being one; null where it can be saved. */
export function faultOf({ startAt, days, fromHour, untilHour }: Schedule): string | null {
  if (days.length === 0) return 'Choose at least one day.'
  if (fromHour >= untilHour) return 'The last hour has to be after the first.'
  return startAt !== null && Number.isNaN(Date.parse(startAt)) ? 'Choose the day and time of the start.' : null
}

/** When mails may leave. All of it is UTC. `asksStart`: it has not begun, so a start can be chosen. */
export function ScheduleFields({
  schedule,
  asksStart,
  onChange,
}: {
  schedule: Schedule
  asksStart: boolean
  onChange: (changed: Schedule) => void
}) {
  const id = useId()
  const fault = faultOf(schedule)
  const change = (changed: Partial<Schedule>) => onChange({ ...schedule, ...changed })
  return (
    <div className="schedule">
      {asksStart && <Start startAt={schedule.startAt} onChange={(startAt) => change({ startAt })} />}
      <fieldset>
        <legend className="field-label">Days</legend>
        <div className="days">
          {dayNames.map((name, index) => (
            <label key={name} className="day">
              <input
                type="checkbox"
                checked={schedule.days.includes(index + 1)}
                onChange={({ target: { checked } }) =>
                  change({
                    days: checked
                      ? [...schedule.days, index + 1].toSorted((a, b) => a - b)
                      : schedule.days.filter((day) => day !== index + 1),
                  })
                }
              />
              {name}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend className="field-label">Hours (UTC)</legend>
        <div className="hours">
          <label htmlFor={`${id}-from`}>From</label>
          <HourChoice
            id={`${id}-from`}
            from={0}
            until={23}
            value={schedule.fromHour}
            onChange={(fromHour) => change({ fromHour })}
          />
          <label htmlFor={`${id}-until`}>until</label>
          <HourChoice
            id={`${id}-until`}
            from={1}
            until={24}
            value={schedule.untilHour}
            onChange={(untilHour) => change({ untilHour })}
          />
        </div>
      </fieldset>
      {fault === null ? (
        <p className="field-help">Mails leave {scheduleInWords(schedule).replace(/^Every/, 'every')}.</p>
      ) : (
        <p className="field-error" role="alert">
          {fault}
        </p>
      )}
    </div>
  )
}

function Start({ startAt, onChange }: { startAt: string | null; onChange: (startAt: string | null) => void }) {
  const name = useId()
  return (
    <fieldset>
      <legend className="field-label">Start</legend>
      <div className="start">
        <label className="day">
          <input type="radio" name={name} checked={startAt === null} onChange={() => onChange(null)} />
          At launch
        </label>
        <label className="day">
          <input type="radio" name={name} checked={startAt !== null} onChange={() => onChange(tomorrowMorning())} />
          At a time
        </label>
        {startAt !== null && (
          <input
            type="datetime-local"
            className="input is-small"
            aria-label="Start day and time in UTC"
            // What the field shows is UTC: it is cut from and put back into an instant that says so.
            value={startAt.slice(0, 16)}
            onChange={({ target: { value } }) => onChange(value === '' ? '' : `${value}:00.000Z`)}
          />
        )}
        {startAt !== null && <span className="quiet">UTC</span>}
      </div>
    </fieldset>
  )
}

function tomorrowMorning(): string {
  const day = new Date(Date.now() + 86_400_000)
  day.setUTCHours(9, 0, 0, 0)
  return day.toISOString()
}

function HourChoice({
  id,
  from,
  until,
  value,
  onChange,
}: {
  id: string
  from: number
  until: number
  value: number
  onChange: (value: number) => void
}) {
  return (
    <select id={id} className="input is-small" value={value} onChange={(event) => onChange(Number(event.target.value))}>
      {Array.from({ length: until - from + 1 }, (_, index) => from + index).map((choice) => (
        <option key={choice} value={choice}>
          {hour(choice)}
        </option>
      ))}
    </select>
  )
}
