import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { toast } from 'sonner'
import { day, useUsage } from '@headroom/react'
import { useSession } from '../session.ts'
import { ledgerApi, type Filter } from './api.ts'
import { download } from './download.ts'
import { periodsQuery } from './queries.ts'
import { kindWords, periodText } from './words.ts'

/** Which entries the list shows. */
export function LedgerFilters({ filter, onFilter }: { filter: Filter; onFilter: (change: Filter) => void }) {
  const { workspace } = useSession()
  const { usage } = useUsage()
  const periods = useQuery(periodsQuery(workspace.id)).data ?? []
  const meters = usage?.meters.map(({ meter, label }) => ({ value: meter, text: label })) ?? []
  const kinds = Object.entries(kindWords).map(([value, text]) => ({ value, text }))
  const spans = periods.map((period) => ({ value: period.start, text: periodText(period) }))
  const set = (name: keyof Filter) => (value: string) => onFilter({ [name]: value === '' ? undefined : value })

  return (
    <div className="ledger-filters">
      <Choice label="Meter" all="All meters" choices={meters} value={filter.meter} onChoose={set('meter')} />
      <Choice label="Change" all="All changes" choices={kinds} value={filter.kind} onChoose={set('kind')} />
      <Choice label="Period" all="All periods" choices={spans} value={filter.period} onChoose={set('period')} />
    </div>
  )
}

interface ChoiceProps {
  label: string
  all: string
  choices: { value: string; text: string }[]
  value: string | undefined
  onChoose: (value: string) => void
}

/** A value the list of choices does not know, such as an older period from a link, is a choice too: else the select would lie. */
function Choice({ label, all, choices, value = '', onChoose }: ChoiceProps) {
  const known = value === '' || choices.some((choice) => choice.value === value)
  return (
    <label className="filter">
      {label}
      <select className="input is-small" value={value} onChange={(event) => onChoose(event.target.value)}>
        <option value="">{all}</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.text}
          </option>
        ))}
        {!known && <option value={value}>{label === 'Period' ? `From ${day(value)}` : value}</option>}
      </select>
    </label>
  )
}

/** What the filter lets through, as a file. */
export function DownloadButton({ filter }: { filter: Filter }) {
  const { workspace } = useSession()
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      await download(ledgerApi.file(filter), `ledger-${workspace.id}.csv`)
    } catch (error) {
      toast.error(`The ledger could not be downloaded. ${(error as Error).message}`)
    } finally {
      setBusy(false)
    }
  }
  return (
    <button type="button" className="button is-small" aria-disabled={busy} onClick={() => void (busy || save())}>
      <Download size={16} aria-hidden />
      {busy ? 'Downloading' : 'Download CSV'}
    </button>
  )
}
