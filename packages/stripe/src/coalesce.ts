/**
 * Many who ask for the same thing at once share the answer. Who asks while one is running gets the next one, begun after the asking:
 * what it finds is never older than the question.
 */
export function coalesce<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const running = new Map<string, { now: Promise<T>; next: Promise<T> | null }>()

  function begin(key: string): Promise<T> {
    const mine = { now: work(key), next: null as Promise<T> | null }
    running.set(key, mine)
    const end = () => {
      if (mine.next === null) running.delete(key)
    }
    mine.now.then(end, end)
    return mine.now
  }

  return (key) => {
    const current = running.get(key)
    if (!current) return begin(key)
    return (current.next ??= current.now.then(
      () => begin(key),
      () => begin(key),
    ))
  }
}
