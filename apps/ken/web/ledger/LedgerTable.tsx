import { Link } from '@tanstack/react-router'
import { afterText, instant, useUsage } from '@headroom/react'
import type { LedgerRow } from './api.ts'
import { changeText, kindWords } from './words.ts'

/** Entries, newest first. On a narrow screen what has no column of its own stands under what was booked. */
export function LedgerTable({ rows, caption, stale = false }: { rows: LedgerRow[]; caption: string; stale?: boolean }) {
  return (
    <div className="table-frame">
      <table className="table ledger" aria-busy={stale}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className="wide-only">
              When
            </th>
            <th scope="col">What</th>
            <th scope="col">Change</th>
            <th scope="col" className="wide-only">
              Then
            </th>
            <th scope="col" className="wide-only">
              Cause
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Entry key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Entry({ row }: { row: LedgerRow }) {
  const { usage } = useUsage()
  const label = usage?.meters.find(({ meter }) => meter === row.meter)?.label ?? row.meter
  const then = afterText(row.after)
  return (
    <tr>
      <td className="wide-only">
        <When at={row.at} />
      </td>
      <td className="breakable">
        <div className="is-strong">{kindWords[row.kind]}</div>
        <div className="quiet">{label}</div>
        <div className="narrow-only">
          <Cause row={row} />
          <div className="quiet">
            <When at={row.at} />
          </div>
        </div>
      </td>
      <td>
        <div>{changeText(row)}</div>
        <div className="narrow-only quiet">Then {then}</div>
      </td>
      <td className="wide-only">{then}</td>
      <td className="wide-only breakable">
        <Cause row={row} />
      </td>
    </tr>
  )
}

function When({ at }: { at: string }) {
  const [date, time] = instant(at).split(', ')
  return (
    <time dateTime={at} className="ledger-when">
      <span className="figure">{date},</span> <span className="figure">{time}</span>
    </time>
  )
}

function Cause({ row: { cause, by } }: { row: LedgerRow }) {
  return (
    <>
      {cause.href === null ? cause.text : <CauseLink {...cause} href={cause.href} />}{' '}
      <span className="quiet">by {by}</span>
    </>
  )
}

function CauseLink({ text, href }: { text: string; href: string }) {
  const [to, query] = href.split('?')
  return (
    <Link to={to!} search={Object.fromEntries(new URLSearchParams(query))} className="link">
      {text}
    </Link>
  )
}
