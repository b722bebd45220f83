import { Badge, type Tone } from '../parts/Badge.tsx'
import type { Build } from './api.ts'

const states: Record<Build['credit']['state'], { words: string; tone: Tone }> = {
  reserved: { words: '1 AI credit reserved', tone: 'accent' },
  returned: { words: 'Draft', tone: 'neutral' },
  spent: { words: '1 AI credit used', tone: 'good' },
  lost: { words: 'No AI credit used', tone: 'warn' },
}

/** What has become of the build's credit. */
export function CreditBadge({ build: { credit } }: { build: Build }) {
  const { words, tone } = states[credit.state]
  return <Badge tone={tone}>{words}</Badge>
}
