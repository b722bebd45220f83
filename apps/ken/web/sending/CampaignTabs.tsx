import { Link } from '@tanstack/react-router'

export const tabs = ['contacts', 'sequence', 'sending'] as const
export type Tab = (typeof tabs)[number]

const names: Record<Tab, string> = { contacts: 'Contacts', sequence: 'Sequence', sending: 'Sending' }

/** The parts of a campaign. Each has its address, so that a reload, a link and the way back lead to it. */
export function CampaignTabs({ campaignId, current }: { campaignId: string; current: Tab }) {
  return (
    <nav aria-label="Parts of the campaign" className="tabs">
      {tabs.map((tab) => (
        <Link
          key={tab}
          to="/campaigns/$campaignId"
          params={{ campaignId }}
          search={{ tab: tab === 'contacts' ? undefined : tab }}
          className="tab"
          aria-current={tab === current ? 'page' : undefined}
          // The router's own mark goes by the search, which the first one leaves out.
          activeOptions={{ exact: true, explicitUndefined: true }}
          resetScroll={false}
        >
          {names[tab]}
        </Link>
      ))}
    </nav>
  )
}
