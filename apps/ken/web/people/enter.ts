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
  const url = new URL(enterFromAddress(next), window.location.origin)
  const ours = url.origin === window.location.origin
  window.location.replace(ours ? url.pathname + url.search + url.hash : '/campaigns')
}

/** Nobody is signed in any more: nothing of this person's stays behind in the page for the next one. */
export function leaveApp(): void {
  queryClient.clear()
  forgetWorkspace()
  window.location.assign('/login')
}
