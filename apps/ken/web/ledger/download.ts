import { ApiProblem } from '../ask.ts'
import { build, noticeBuild } from '../build.ts'
import { tabWorkspace } from '../workspace.ts'

/**
 * Saves a file of Ken's. Fetched by the page and not by a link: a link cannot say which workspace this tab is in. Throws ApiProblem,
 * also where the file broke off.
 */
export async function download(path: string, name: string): Promise<void> {
  const headers: Record<string, string> = { 'X-Build': build }
  const workspace = tabWorkspace()
  if (workspace !== null) headers['X-Workspace'] = workspace
  let content: Blob
  try {
    const response = await fetch(path, { headers, credentials: 'same-origin' })
    noticeBuild(response.headers.get('X-Build'))
    if (!response.ok) throw new ApiProblem(response.status, 'unknown', `Ken answered ${response.status}. Try again.`)
    content = await response.blob()
  } catch (error) {
    if (error instanceof ApiProblem) throw error
    throw new ApiProblem(0, 'offline', 'The file broke off. Check your connection, then try again.')
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // The browser has taken what it needs by then; revoked at once, some save nothing.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
