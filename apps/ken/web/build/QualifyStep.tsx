import { Tabs } from '@base-ui/react/tabs'
import { count, counted } from '../numbers.ts'
import type { Build, JudgedPerson } from './api.ts'

/** The sample that was judged: who passed, who was filtered out, each with the reason. */
export function QualifyStep({ qualify: { sampled, passed, filtered } }: { qualify: NonNullable<Build['qualify']> }) {
  return (
    <div className="stack">
      <p>
        {count(passed.length)} of {counted(sampled, 'person', 'people')} passed. Nothing of this counts as a lead: leads
        are counted when the campaign imports.
      </p>
      <Tabs.Root defaultValue={passed.length === 0 ? 'filtered' : 'passed'} className="stack">
        <Tabs.List className="build-tabs" aria-label="People of the sample">
          <Tabs.Tab value="passed" className="build-tab">
            Passed {count(passed.length)}
          </Tabs.Tab>
          <Tabs.Tab value="filtered" className="build-tab">
            Filtered out {count(filtered.length)}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="passed" className="build-panel" tabIndex={-1}>
          <Judged
            people={passed}
            none="Nobody of the sample passed. Go back to Ideal customer and widen the filters."
          />
        </Tabs.Panel>
        <Tabs.Panel value="filtered" className="build-panel" tabIndex={-1}>
          <Judged people={filtered} none="Nobody of the sample was filtered out." />
        </Tabs.Panel>
      </Tabs.Root>
    </div>
  )
}

function Judged({ people, none }: { people: JudgedPerson[]; none: string }) {
  if (people.length === 0) return <p className="quiet">{none}</p>
  return (
    <div className="table-frame">
      <table className="table build-people">
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col" className="wide-only">
              Company
            </th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ name, title, company, country, reason }, index) => (
            <tr key={index}>
              <td className="breakable">
                <span className="is-strong">{name}</span>
                <br />
                <span className="quiet">{title}</span>
              </td>
              <td className="breakable wide-only">
                {company}
                <br />
                <span className="quiet">{country}</span>
              </td>
              <td className="breakable">{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
