/** The mailbox. */
import { parameter } from '../http/request.ts'
import { json, member, type Route } from '../http/route.ts'
import { folderOf, listMails, showMail } from './mailbox.ts'

export const mailRoutes: Route[] = [
  member('GET', '/api/mails', async (context, { member: reader, url }) =>
    json(await listMails(context, reader, folderOf(parameter(url, 'folder')), parameter(url, 'cursor'))),
  ),
  member('GET', '/api/mails/:id', async (context, { member: reader, id }) => json(await showMail(context, reader, id))),
]
