import { queryClient } from '../queries.ts'
import { enterFromAddress, enterWorkspace, forgetWorkspace } from '../workspace.ts'

/** Somebody has signed in: what the last one read goes, and the app starts in that workspace, else in this browser's last. */
export function startApp(workspaceId: string | null): void {
  queryClient.clear()
  if (workspaceId === null) forgetWorkspace()
  else enterWorkspace(workspaceId)
  window.location.assign('/campaigns')
}

/** The same, at the page that was asked for before; an address elsewhere is not followed. */
export function startAppAt(next: string): void {
  queryClient.clear()
  window.location.replace(ownAddress(enterFromAddress(next)) ?? '/campaigns')
}

/**
 * The whole address of a page of ours, or null for one that is elsewhere. Whole, as a path alone can be read as another site: what is
 * left of `/.//x` once it is resolved is `//x`.
 */
export function ownAddress(path: string): string | null {
  const { origin } = window.location
  if (!path.startsWith('/') || !URL.canParse(path, origin)) return null
  const url = new URL(path, origin)
  return url.origin === origin && !url.pathname.startsWith('//') ? url.href : null
}

/** Nobody is signed in any more: nothing of this person's stays behind in the page for the next one. */
export function leaveApp(): void {
  queryClient.clear()
  forgetWorkspace()
  window.location.assign('/login')
}
