import { useId } from 'react'
import { Database, FileSpreadsheet, type LucideIcon } from 'lucide-react'
import '../styles/directory.css'
import type { Source } from '../api.ts'

const sources: { source: Source; label: string; words: string; Icon: LucideIcon }[] = [
  {
    source: 'directory',
    label: 'Leads Database',
    words: 'Find people by job title, country, industry and company size. Sample data: nobody in it exists.',
    Icon: Database,
  },
  {
    source: 'csv',
    label: 'CSV Upload',
    words: 'Your own list: one row per contact, up to 10 MB and 50,000 rows.',
    Icon: FileSpreadsheet,
  },
]

export const sourceNames: Record<Source, string> = { directory: 'Leads Database', csv: 'CSV Upload' }

/** Where the contacts come from. */
export function SourceChoice({ chosen, onChange }: { chosen: Source | null; onChange: (source: Source) => void }) {
  const id = useId()
  return (
    <fieldset className="sources">
      <legend className="visually-hidden">Data source</legend>
      {sources.map(({ source, label, words, Icon }) => (
        <label key={source} className={`source${chosen === source ? ' is-chosen' : ''}`}>
          <input
            type="radio"
            name={id}
            aria-label={label}
            aria-describedby={`${id}-${source}`}
            checked={chosen === source}
            onChange={() => onChange(source)}
          />
          <Icon size={20} aria-hidden />
          <span>
            <span className="is-strong">{label}</span>
            <span id={`${id}-${source}`} className="quiet">
              {words}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
