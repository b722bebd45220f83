/** Addresses of pages as they stand in mails. */

/** A page of one workspace: whoever belongs to several lands in the right one. */
export function pageLink(publicUrl: string, workspaceId: string, path: string): string {
  const url = new URL(path, publicUrl)
  url.searchParams.set('workspace', workspaceId)
  return url.href
}
