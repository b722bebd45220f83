import { Headroom, type Role } from '@headroom/sdk'

const headroom = new Headroom({ baseUrl: process.env['HEADROOM_URL']!, apiKey: process.env['HEADROOM_API_KEY']! })

/** Your user, as your own session knows them: never take these from the request. */
interface User {
  id: string
  workspace: string
  role: Role
}

/** At sign-up. The id is yours, so asking again makes no second workspace. */
const signUp = (id: string, name: string) => headroom.workspaces.create({ id, name, plan: 'free' })

/** Behind POST /api/headroom-token: what your page may see of its workspace, for 15 minutes. */
const tokenFor = ({ id, workspace, role }: User) => headroom.createToken(workspace, { role, viewerId: id })

/** When somebody signs out, is removed or changes role: ended with the next request. */
const endTokensOf = ({ id, workspace }: User) => headroom.endTokens(workspace, id)

await signUp('hooli', 'Hooli')
const user: User = { id: 'user_42', workspace: 'hooli', role: 'editor' }
const { token } = await tokenFor(user)

const page = new Headroom({ baseUrl: process.env['HEADROOM_URL']!, getToken: () => token })
const { plan, price, meters } = await page.usage('hooli')
console.log(plan.name, price, meters.map(({ label, available }) => `${label} ${available}`).join(', '))
//> Free plan null Emails sent 200, Leads 50, AI campaigns created 1
await endTokensOf(user)
