import type { MeterUsageWire } from '@headroom/sdk'
import { daysOf, type History } from './history-days.ts'
import { day, shortDay } from './instants.ts'
import { number } from './numbers.ts'

type Words = Pick<MeterUsageWire, 'meter' | 'label'>

/** The charts' figures, for those who read or hear them; days on which nothing was used are left out. */
export function DaysTable({ running, meters }: { running: readonly History[]; meters: readonly Words[] }) {
  const columns = meters.map(({ meter }) => daysOf(running.find((one) => one.meter === meter)!))
  const rows = (columns[0] ?? []).flatMap(({ date }, index) => {
    const used = columns.map((days) => days[index]!.used)
    return used.every((quantity) => quantity === 0) ? [] : [{ date, used }]
  })
  return (
    <details className="hr-history-days">
      <summary>Show days as a table</summary>
      {rows.length === 0 ? (
        <p>No day with use yet.</p>
      ) : (
        <table className="hr-table is-figures">
          <caption className="hr-hidden">Used by day in this period</caption>
          <Head first="Day" meters={meters} />
          <tbody>
            {rows.map(({ date, used }) => (
              <tr key={date}>
                <th scope="row">{shortDay(date)}</th>
                {used.map((quantity, index) => (
                  <td key={meters[index]!.meter}>{number(quantity)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  )
}

/** Periods that have ended: how much of each limit was used. */
export function PeriodsTable({ earlier, meters }: { earlier: readonly History[][]; meters: readonly Words[] }) {
  return (
    <table className="hr-table is-figures">
      <caption className="hr-history-caption">Earlier periods</caption>
      <Head first="Period" meters={meters} />
      <tbody>
        {earlier.map((period) => {
          const { start, end } = period[0]!.period
          return (
            <tr key={start}>
              <th scope="row">{periodText(start, end)}</th>
              {meters.map(({ meter }) => (
                <td key={meter}>{totalText(period.find((one) => one.meter === meter))}</td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Head({ first, meters }: { first: string; meters: readonly Words[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {meters.map(({ meter, label }) => (
          <th key={meter} scope="col">
            {label}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** "1 Oct – 1 Nov 2026"; a period that a change of plan ended on its first day has one. */
const periodText = (start: string, end: string) =>
  day(start) === day(end) ? day(end) : `${shortDay(start)} – ${day(end)}`

/** "3,200 of 4,000"; without a limit the count alone. */
function totalText(history: History | undefined): string {
  if (history === undefined) return '–'
  const { used, limit } = history
  return limit === null ? number(used) : `${number(used)} of ${number(limit)}`
}
