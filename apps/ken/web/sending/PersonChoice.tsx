import { useId } from 'react'
import { useQuery } from '@tanstack/react-query'
import { api, type Contact } from '../api.ts'
import { samplePerson, type Person } from './placeholders.ts'

/** The leads a preview can be shown for: the first page of those that counted. */
export function usePeople(campaignId: string): Contact[] {
  const { data } = useQuery({
    queryKey: ['campaign', campaignId, 'preview'],
    queryFn: async () => (await api.contacts(campaignId, { verdict: 'counted' }, { cursor: null })).data,
  })
  return data ?? []
}

export const personOf = (people: Contact[], chosen: number): Person => people[chosen] ?? samplePerson

/** For whom the previews are shown. */
export function PersonChoice({
  people,
  chosen,
  onChoose,
}: {
  people: Contact[]
  chosen: number
  onChoose: (chosen: number) => void
}) {
  const id = useId()
  if (people.length === 0) {
    return <p className="quiet">Previews show a made-up person: no contact of this campaign counts as a lead yet.</p>
  }
  return (
    <div className="filter person">
      <label htmlFor={id}>Preview for</label>
      <select
        id={id}
        className="input is-small"
        value={chosen}
        onChange={(event) => onChoose(Number(event.target.value))}
      >
        {people.map((person, index) => (
          <option key={index} value={index}>
            {[person.name ?? person.email, person.company].filter((part) => part !== null && part !== '').join(', ')}
          </option>
        ))}
      </select>
    </div>
  )
}
