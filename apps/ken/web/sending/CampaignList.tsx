import { memo, useDeferredValue, useState } from 'react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { CampaignSummary } from '../api.ts'
import { count, counted, percent } from '../numbers.ts'
import { Badge } from '../parts/Badge.tsx'
import { CampaignState } from '../parts/CampaignState.tsx'
import { Empty } from '../parts/Empty.tsx'
import { Moment } from '../parts/Moment.tsx'
import { useSession } from '../session.ts'
import { campaignStates } from './words.ts'

const route = getRouteApi('/app/campaigns')

/** From so many on a list is searched rather than read. */
const many = 8
/** So many are drawn at first, and so many more at each press: a list of hundreds stays quick. */
const atOnce = 100

/** The campaigns, and where there are many a search and a filter, both kept in the address. */
export function CampaignList({ campaigns }: { campaigns: CampaignSummary[] }) {
  const { search = '', state = '' } = route.useSearch()
  const [drawn, setDrawn] = useState(atOnce)
  const wanted = useDeferredValue(search.trim().toLowerCase())
  const found = campaigns.filter(
    (campaign) => (state === '' || campaign.state === state) && campaign.name.toLowerCase().includes(wanted),
  )
  return (
    <div className="stack">
      {(campaigns.length >= many || search !== '' || state !== '') && <Tools search={search} state={state} />}
      {found.length === 0 ? (
        <Empty
          title="None of these"
          action={
            <Link to="/campaigns" search={{}} replace className="button">
              Show all campaigns
            </Link>
          }
        >
          No campaign has this name and state.
        </Empty>
      ) : (
        <CampaignTable campaigns={found.slice(0, drawn)} />
      )}
      {found.length > drawn && (
        <button type="button" className="button" onClick={() => setDrawn(drawn + atOnce)}>
          Show more campaigns
        </button>
      )}
      <p className="visually-hidden" role="status">
        {wanted === '' && state === '' ? '' : `${counted(found.length, 'campaign')} found`}
      </p>
    </div>
  )
}

function Tools({ search, state }: { search: string; state: string }) {
  const navigate = route.useNavigate()
  const [typed, setTyped] = useState(search)
  return (
    <div className="list-tools">
      <input
        type="search"
        className="input"
        aria-label="Search campaigns"
        placeholder="Search campaigns"
        value={typed}
        onChange={({ target: { value } }) => {
          setTyped(value)
          void navigate({
            search: (before) => ({ ...before, search: value || undefined }),
            replace: true,
            resetScroll: false,
          })
        }}
      />
      <label className="filter">
        State
        <select
          className="input is-small"
          value={state}
          onChange={({ target: { value } }) =>
            void navigate({
              search: (before) => ({ ...before, state: value || undefined }),
              replace: true,
              resetScroll: false,
            })
          }
        >
          <option value="">All</option>
          {campaignStates.map((known) => (
            <option key={known} value={known}>
              {known.charAt(0).toUpperCase() + known.slice(1)}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

function CampaignTable({ campaigns }: { campaigns: CampaignSummary[] }) {
  const { user } = useSession()
  return (
    <div className="table-frame">
      <table className="table campaigns">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col" className="is-number wide-only">
              Leads
            </th>
            <th scope="col" className="is-number wide-only">
              Sent
            </th>
            <th scope="col" className="wide-only">
              Created
            </th>
          </tr>
        </thead>
        <tbody>
          {campaigns.map((campaign) => (
            <CampaignRow key={campaign.id} campaign={campaign} isOwn={campaign.owner.id === user.id} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Drawn anew only when something about it has changed, also while the list is asked again every few seconds. */
const CampaignRow = memo(function CampaignRow({ campaign, isOwn }: { campaign: CampaignSummary; isOwn: boolean }) {
  const { id, name, state, owner, contacts, sent, createdAt, activeImport } = campaign
  const runs = state === 'sending' || state === 'paused' || state === 'completed'
  return (
    <tr>
      <td className="breakable">
        <Link
          to="/campaigns/$campaignId"
          params={{ campaignId: id }}
          search={runs ? { tab: 'sending' } : {}}
          className="link is-strong"
        >
          {name}
        </Link>
        {!isOwn && <div className="quiet">Of {owner.name}</div>}
        <div className="quiet narrow-only">
          {counted(contacts, 'lead')}, {count(sent)} sent
        </div>
      </td>
      <td>
        {state === 'building' && activeImport !== null ? (
          <Badge tone="accent">Importing {percent(activeImport.rowsRead, activeImport.rowsTotal)} %</Badge>
        ) : (
          <CampaignState state={state} />
        )}
      </td>
      <td className="is-number wide-only">{count(contacts)}</td>
      <td className="is-number wide-only">{count(sent)}</td>
      <td className="figure wide-only">
        <Moment at={createdAt} />
      </td>
    </tr>
  )
})
