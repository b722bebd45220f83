/** What the pages about people ask Ken. */
import type { Role } from '../api.ts'
import { ask, at, post, put, remove } from '../ask.ts'

export interface User {
  id: string
  name: string
  email: string
  role: Role
  you: boolean
  joinedAt: string
}

export interface Invitation {
  id: string
  email: string
  role: Role
  invitedBy: string
  sentAt: string
  expiresAt: string
  expired: boolean
}

export interface SentInvitation {
  invitation: Invitation
  link: string
}

export interface Invite {
  state: 'open' | 'accepted' | 'revoked' | 'expired'
  workspace: { name: string }
  invitedBy: string
  role: Role
  email: string
  expiresAt: string
  hasAccount: boolean
  signedIn: { email: string; matches: boolean } | null
}

interface Named {
  id: string
  name: string
}

export const people = {
  signUp: (asked: { name: string; email: string; password: string; workspace: string }) =>
    post<null>('/api/signup', asked),
  forgot: (email: string) => post<null>('/api/forgot', { email }),
  showReset: (token: string) => ask<{ email: string }>(`/api/resets/${at(token)}`),
  reset: (token: string, password: string) => post<null>(`/api/resets/${at(token)}`, { password }),
  createWorkspace: (name: string) => post<{ workspace: Named }>('/api/workspaces', { name }),

  users: () => ask<{ users: User[] }>('/api/users'),
  changeRole: (id: string, role: Role) => put<null>(`/api/users/${at(id)}`, { role }),
  removeUser: (id: string) => remove(`/api/users/${at(id)}`),
  leave: (workspace: string) => post<null>('/api/leave', { workspace }),

  invitations: () => ask<{ invitations: Invitation[] }>('/api/invitations'),
  invite: (email: string, role: Role) => post<SentInvitation>('/api/invitations', { email, role }),
  resend: (id: string) => post<SentInvitation>(`/api/invitations/${at(id)}/resend`),
  revoke: (id: string) => remove(`/api/invitations/${at(id)}`),
  showInvite: (token: string) => ask<Invite>(`/api/invites/${at(token)}`),
  accept: (token: string, person: { name: string; password: string } | null) =>
    post<{ workspace: Named }>(`/api/invites/${at(token)}/accept`, person ?? {}),

  rename: (name: string) => put<null>('/api/profile', { name }),
  changePassword: (current: string, next: string) => put<null>('/api/password', { current, next }),
  choose: (kind: string, on: boolean) => put<unknown>('/api/notifications', { kind, on }),
}
