/** Somebody who builds a campaign with Ken's help, in tests. */
import type { UsageWire } from '@headroom/sdk'
import { stepNames, type BuildStepName, type BuildView } from '../src/builds/build-view.ts'
import { workspace, type House } from './harness.ts'
import { must, type Answered, type Visitor } from './visitor.ts'

export const brief = {
  company: 'Brightdesk',
  website: 'brightdesk.example',
  offer: 'A help desk that answers half of all tickets by itself. Used by 40 teams, who save 9 hours a week.',
  audience: 'Heads of customer success and founders of software companies with 11-50 employees in Germany and the UK',
  goal: 'Book 20 demos',
}

/** Small enough to be there at once. */
export const smallDirectory = { people: 3_000, ahead: true }

export class Builder {
  readonly visitor: Visitor

  constructor(visitor: Visitor) {
    this.visitor = visitor
  }

  tryStart(name = 'Autumn', words: object = brief): Promise<Answered<BuildView>> {
    return this.visitor.post<BuildView>('/api/builds', { name, brief: words })
  }

  async start(name?: string, words?: object): Promise<BuildView> {
    return must(await this.tryStart(name, words), 201)
  }

  async show(id: string): Promise<BuildView> {
    return must(await this.visitor.get<BuildView>(`/api/builds/${id}`), 200)
  }

  act<Body = BuildView>(id: string, what: string, body: object = {}): Promise<Answered<Body>> {
    return this.visitor.post<Body>(`/api/builds/${id}/${what}`, body)
  }

  edit(id: string, words: object): Promise<Answered<BuildView>> {
    return this.visitor.ask<BuildView>('PUT', `/api/builds/${id}`, {
      body: JSON.stringify(words),
      headers: { 'Content-Type': 'application/json' },
    })
  }

  attach(id: string, text: BodyInit, name = 'notes.md', type = 'text/plain'): Promise<Answered<BuildView>> {
    return this.visitor.ask<BuildView>('POST', `/api/builds/${id}/files`, {
      body: text,
      headers: { 'Content-Type': type, 'X-File-Name': encodeURIComponent(name) },
    })
  }

  /** Waits until the builder rests. */
  async rested(id: string): Promise<BuildView> {
    for (;;) {
      const now = await this.show(id)
      if (now.working === null) return now
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  /** Content with everything up to and including this step's making. */
  async through(id: string, to: BuildStepName = 'email_copy'): Promise<BuildView> {
    let now = await this.rested(id)
    while (stepNames.indexOf(now.step) < stepNames.indexOf(to)) {
      must(await this.act(id, 'next', { from: now.step }), 200)
      now = await this.rested(id)
      if (now.notice) throw new Error(now.notice.text)
    }
    return now
  }

  async complete(id: string): Promise<{ build: BuildView; campaignId: string }> {
    return must(await this.act<{ build: BuildView; campaignId: string }>(id, 'complete'), 200)
  }
}

/** The AI credits of the workspace. */
export async function credits(here: House): Promise<UsageWire['meters'][number]> {
  return (await here.headroom.usage(workspace)).meters.find(({ meter }) => meter === 'ai_campaigns')!
}

/** Uses AI credits until so many are available. */
export async function leaveCredits(here: House, wanted: number): Promise<void> {
  const quantity = (await credits(here)).available! - wanted
  const lines = [{ meter: 'ai_campaigns', quantity }]
  if (quantity > 0) await here.headroom.use(workspace, { lines, mode: 'enforce' })
}
