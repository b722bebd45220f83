import type { Role } from '../api.ts'

/** From the most rights to the fewest, as lists of roles show them. */
export const roles: Role[] = ['admin', 'editor', 'member', 'viewer']

/** What a role is for, about somebody else. */
export const roleRights: Record<Role, string> = {
  admin: 'Runs all campaigns, buys credits, manages the plan and the people of the workspace.',
  editor: 'Runs all campaigns and imports of the workspace.',
  member: 'Runs their own campaigns and imports.',
  viewer: 'Sees campaigns and their results, and starts nothing.',
}
