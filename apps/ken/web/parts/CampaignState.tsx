import { Badge, type Tone } from './Badge.tsx'

const tones: Record<string, Tone> = {
  ready: 'good',
  sending: 'accent',
  building: 'accent',
  paused: 'warn',
  error: 'danger',
}

/** Draft, Building, Ready, Sending, Paused, Completed or Error. */
export function CampaignState({ state }: { state: string }) {
  return <Badge tone={tones[state.toLowerCase()] ?? 'neutral'}>{state.charAt(0).toUpperCase() + state.slice(1)}</Badge>
}
