import { getRouteApi } from '@tanstack/react-router'
import type { Role, Session } from './api.ts'

const app = getRouteApi('/app')

/** Who is signed in, for every page inside the shell. */
export const useSession = (): Session => app.useRouteContext().session

export const roleNames: Record<Role, string> = {
  admin: 'Admin',
  editor: 'Editor',
  member: 'Member',
  viewer: 'View only',
}

/** Everyone but "View only" may start an import. */
export const mayImport = (role: Role) => role !== 'viewer'
