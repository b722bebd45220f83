/** The mail to whoever started an import, when it has ended: what came of it, in the figures its card shows. */
import type { Context } from '../context.ts'
import type { Letter } from '../mail/letter.ts'
import { notify, whyItCame } from '../people/notifications.ts'
import type { Ending, ImportBooks } from './books.ts'

const number = new Intl.NumberFormat('en-US')
const leads = (quantity: number) => `${number.format(quantity)} ${quantity === 1 ? 'lead' : 'leads'}`

/** Writes it once for each import, before the import is closed: a process that dies in between writes it when it takes the import up again. */
export async function tellFinished(context: Context, books: ImportBooks, at: string): Promise<void> {
  const { rows } = await context.database.query<Named>(
    `select c.name as campaign, w.name as workspace, u.file_name as file
       from ken.imports i
       join ken.campaigns c on c.workspace_id = i.workspace_id and c.id = i.campaign_id
       join ken.uploads u on u.workspace_id = i.workspace_id and u.id = i.upload_id
       join ken.workspaces w on w.id = i.workspace_id
      where i.workspace_id = $1 and i.id = $2`,
    [books.workspaceId, books.id],
  )
  const { viewerId } = books.viewer
  if (!rows[0] || viewerId === undefined) return
  await notify(context, {
    workspaceId: books.workspaceId,
    kind: 'import_finished',
    occasion: books.id,
    to: [viewerId],
    letter: letterOf(books, rows[0], context.publicUrl),
    at,
  })
}

interface Named {
  campaign: string
  workspace: string
  file: string
}

const endings: Record<Ending, { subject: string; sentence: string }> = {
  completed: { subject: 'has finished', sentence: 'has finished' },
  cancelled: { subject: 'was cancelled', sentence: 'was cancelled' },
  failed: { subject: 'has failed', sentence: 'could not be finished' },
  credits_lost: { subject: 'has stopped', sentence: 'stopped, because the leads held for it had ended' },
}

function letterOf(books: ImportBooks, { campaign, workspace, file }: Named, publicUrl: string): Letter {
  const { subject, sentence } = endings[books.ending ?? 'completed']
  const { counted, reserved, rowsRead, rowsTotal } = books
  return {
    subject: `Your import for ${campaign} ${subject}`,
    paragraphs: [
      `The import of ${file} for the campaign ${campaign} ${sentence}.`,
      `${leads(counted)} counted, of ${number.format(rowsRead)} rows read and ${number.format(rowsTotal)} in all. ` +
        (reserved > counted
          ? `${leads(reserved - counted)} that had been reserved for it went back to ${workspace}.`
          : 'Nothing of what had been reserved for it was left over.'),
    ],
    link: {
      label: 'See what counted and why',
      href: new URL(`/campaigns/${books.campaignId}?workspace=${books.workspaceId}`, publicUrl).href,
    },
    footer: whyItCame(workspace),
  }
}
