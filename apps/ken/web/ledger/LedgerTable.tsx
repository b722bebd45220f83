import { useState, type ReactNode } from 'react'
import { Link } from '@tanstack/react-router'
import { afterText, instant, number, useUsage } from '@headroom/react'
import type { LedgerRow } from './api.ts'
import { runsOf, runText } from './runs.ts'
import { changeText, kindWords } from './words.ts'

/**
 * Entries, newest first; those that say the same one directly after another in one row, which can be opened. On a narrow screen what
 * has no column of its own stands under what was booked.
 */
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
          {runsOf(rows).map((run) => (
            // Older entries that are loaded later join a run at its end: it stays the same, and open.
            <Run key={run[0]!.id} run={run} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The newest of a run stands for it: the figures after it are those after them all. */
function Run({ run }: { run: LedgerRow[] }) {
  const [isOpen, setOpen] = useState(false)
  const [newest, oldest] = [run[0]!, run.at(-1)!]
  if (run.length === 1) return <Entry row={newest} />
  const many = number(run.length)
  const { each, total } = runText(run, many)
  return (
    <>
      <Entry row={newest} since={instant(oldest.at) === instant(newest.at) ? null : oldest.at} className="ledger-run">
        <div>{each}</div>
        <div>{total}</div>
        <button type="button" className="link ledger-each" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Show each of {many}
        </button>
      </Entry>
      {isOpen && run.map((row) => <Entry key={row.id} row={row} className="ledger-one" />)}
    </>
  )
}

function Entry({
  row,
  since = null,
  className,
  children,
}: {
  row: LedgerRow
  /** When the oldest of those it stands for was booked, if that was not at the same time. */
  since?: string | null
  className?: string
  /** What it says of the change instead of its own. */
  children?: ReactNode
}) {
  const { usage } = useUsage()
  const label = usage?.meters.find(({ meter }) => meter === row.meter)?.label ?? row.meter
  const then = afterText(row.after)
  return (
    <tr className={className}>
      <td className="wide-only">
        <When at={row.at} since={since} />
      </td>
      <td className="breakable">
        <div className="is-strong">{kindWords[row.kind]}</div>
        <div className="quiet">{label}</div>
        <div className="narrow-only">
          <Cause row={row} />
          <div className="quiet">
            <When at={row.at} since={since} />
          </div>
        </div>
      </td>
      <td>
        {children ?? <div>{changeText(row)}</div>}
        <div className="narrow-only quiet">Then {then}</div>
      </td>
      <td className="wide-only">{then}</td>
      <td className="wide-only breakable">
        <Cause row={row} />
      </td>
    </tr>
  )
}

function When({ at, since }: { at: string; since: string | null }) {
  return (
    <>
      <Time at={at} />
      {since !== null && (
        <div className="quiet">
          since <Time at={since} />
        </div>
      )}
    </>
  )
}

function Time({ at }: { at: string }) {
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
