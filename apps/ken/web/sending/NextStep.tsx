import type { ReactNode } from 'react'
import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import type { Campaign } from '../api.ts'
import { counted } from '../numbers.ts'
import type { Sending } from './api.ts'
import type { Tab } from './CampaignTabs.tsx'
import { instant } from './words.ts'

interface Step {
  text: ReactNode
  /** Where it is done, when that is another tab. */
  at: Tab | null
  label: string
}

/** One line that says what to do now, in every state of a campaign; also that there is nothing to do. */
export function NextStep({
  campaign,
  sending,
  hasSequence,
  current,
  mayWork,
}: {
  campaign: Campaign
  sending: Sending | undefined
  hasSequence: boolean | undefined
  current: Tab
  mayWork: boolean
}) {
  const step = stepFor(campaign, sending, hasSequence)
  return (
    <p className="next-step">
      <ArrowRight size={16} aria-hidden />
      <span>
        {step.text}{' '}
        {mayWork && step.at !== null && step.at !== current && (
          <Link
            to="/campaigns/$campaignId"
            params={{ campaignId: campaign.id }}
            search={{ tab: step.at === 'contacts' ? undefined : step.at }}
            className="link"
            resetScroll={false}
          >
            {step.label}
          </Link>
        )}
      </span>
    </p>
  )
}

function stepFor(campaign: Campaign, sending: Sending | undefined, hasSequence: boolean | undefined): Step {
  const state = sending?.state ?? campaign.state
  const say = (text: ReactNode, at: Tab | null = null, label = ''): Step => ({ text, at, label })
  switch (state) {
    case 'sending':
      return sending?.nextAt == null
        ? say('Mails are going out. There is nothing to do now.')
        : say(`Mails are going out; the next one is due ${instant(sending.nextAt)}. There is nothing to do now.`)
    case 'paused':
      return say('Paused: no mail leaves until somebody resumes it.', 'sending', 'Go to Sending')
    case 'completed':
      return say(
        'Every lead has got the whole sequence or ended it. Import more contacts to go on.',
        'contacts',
        'Go to Contacts',
      )
    case 'error':
      return say(sending?.notice?.text ?? 'Sending has stopped. Resume it to try again.', 'sending', 'Go to Sending')
  }
  if (campaign.activeImport !== null) {
    return hasSequence === false
      ? say('The import is running. Write the sequence meanwhile.', 'sequence', 'Write the sequence')
      : say('The import is running. Launch the campaign when it has finished.')
  }
  if (campaign.contacts === 0) return say(...nobodyYet(campaign))
  const leads = counted(campaign.contacts, 'lead')
  return hasSequence === false
    ? say(`${leads} imported. Next: write the mails they get.`, 'sequence', 'Write the sequence')
    : say(`${leads} and a sequence are ready. Next: check the schedule and launch.`, 'sending', 'Go to Sending')
}

function nobodyYet({ imports, uploads, target }: Campaign): [string, Tab, string] {
  if (imports.length > 0) {
    return [
      'No contact has counted as a lead yet. Import others, or start a campaign with wider criteria.',
      'contacts',
      'Go to Contacts',
    ]
  }
  if (uploads.length > 0 && target !== null) {
    return [
      'The list, the criteria and the sequence are there. Next: say how many contacts to find.',
      'contacts',
      'Go to Contacts',
    ]
  }
  return ['Next: import contacts.', 'contacts', 'Go to Contacts']
}
