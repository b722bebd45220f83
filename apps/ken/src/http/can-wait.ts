/** What may be put off while there is too much to do: the beginning of long work, and long lists. What has begun goes on. */
const begins = [
  /^\/api\/campaigns\/[^/]+\/(?:uploads|lists)$/,
  /^\/api\/uploads\/[^/]+\/imports$/,
  /^\/api\/directory\/search$/,
  /^\/api\/builds$/,
]
const lists = [/^\/api\/ledger(?:\.csv)?$/, /^\/api\/purchases$/]

/** Whether a request may be told to come again; every other is answered as long as anything is. */
export function canWait({ method, url }: Request): boolean {
  const { pathname } = new URL(url)
  return (method === 'POST' ? begins : lists).some((pattern) => pattern.test(pathname))
}
