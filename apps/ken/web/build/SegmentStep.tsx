import { useId, useRef, useState } from 'react'
import { Trash2 } from 'lucide-react'
import { counted } from '../numbers.ts'
import { Field } from '../parts/Field.tsx'
import type { Segment } from './api.ts'
import type { Edits } from './use-edits.ts'

/** The groups the people were put in: named, described, and how many each has. */
export function SegmentStep({ segments, edits }: { segments: Segment[]; edits: Edits | null }) {
  const id = useId()
  const list = useRef<HTMLUListElement>(null)
  // Each keeps a key of its own: one that goes does not hand its fields to the next.
  const [rows, setRows] = useState(() => segments.map((segment, key) => ({ key, segment })))

  const take = (now: typeof rows) => {
    setRows(now)
    const isEmpty = now.some(({ segment: { name, description } }) => name.trim() === '' || description.trim() === '')
    const kept = now.map(({ segment }) => ({
      ...segment,
      name: segment.name.trim(),
      description: segment.description.trim(),
    }))
    edits?.edit('segments', kept, isEmpty ? 'A segment has no name or no description.' : null)
  }

  const change = (key: number, changed: Partial<Segment>) =>
    take(rows.map((row) => (row.key === key ? { key, segment: { ...row.segment, ...changed } } : row)))

  const drop = (key: number) => {
    take(rows.filter((row) => row.key !== key))
    // The button that had the focus is gone: going on at the first segment's name.
    requestAnimationFrame(() => list.current?.querySelector('input')?.focus())
  }

  return (
    <ul ref={list} className="build-segments">
      {rows.map(({ key, segment }) => (
        <li key={key} className="build-segment stack">
          {edits === null ? (
            <>
              <h3 className="small-title breakable">{segment.name}</h3>
              <p className="breakable">{segment.description}</p>
              <p className="quiet">{peopleIn(segment)}</p>
            </>
          ) : (
            <>
              <Field label="Segment" error={segment.name.trim() === '' ? 'Give the segment a name.' : null}>
                {(control) => (
                  <input
                    {...control}
                    className="input"
                    maxLength={100}
                    value={segment.name}
                    autoComplete="off"
                    onChange={(event) => change(key, { name: event.target.value })}
                  />
                )}
              </Field>
              <Field
                label="What they care about"
                error={segment.description.trim() === '' ? 'Say what they have in common.' : null}
              >
                {(control) => (
                  <textarea
                    {...control}
                    className="input build-text"
                    rows={2}
                    maxLength={500}
                    value={segment.description}
                    onChange={(event) => change(key, { description: event.target.value })}
                  />
                )}
              </Field>
              <div className="build-segment-foot">
                <span id={`${id}-${key}`} className="visually-hidden">
                  {segment.name}
                </span>
                <p className="quiet">{peopleIn(segment)}</p>
                {rows.length > 1 && (
                  <button
                    type="button"
                    className="button is-small is-quiet"
                    aria-describedby={`${id}-${key}`}
                    onClick={() => drop(key)}
                  >
                    <Trash2 size={16} aria-hidden />
                    Remove
                  </button>
                )}
              </div>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

const peopleIn = ({ people }: Segment) => `${counted(people, 'person', 'people')} in the directory`
