/** Which payments this browser has said "received" for: a reload, Back, or the same link opened again must not say it twice. */
const key = 'headroom.announcedPurchases'
const most = 200
const here = new Set<string>()

/** True the first time for each purchase. */
export function isFirstWord(purchaseId: string): boolean {
  const said = stored()
  if (here.has(purchaseId) || said.includes(purchaseId)) return false
  here.add(purchaseId)
  try {
    localStorage.setItem(key, JSON.stringify([...said, purchaseId].slice(-most)))
  } catch {
    // A browser that stores nothing remembers until the page is closed.
  }
  return true
}

function stored(): string[] {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(parsed) ? parsed.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}
