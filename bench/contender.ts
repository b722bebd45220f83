/** One way of keeping the same books. Each reserve and each commit is one operation: durable when its promise resolves. */
export interface Contender {
  name: string
  /** True when it was granted. */
  reserve(workspace: number, id: string, quantity: number): Promise<boolean>
  commit(workspace: number, id: string, quantity: number): Promise<boolean>
  /** What the contender's own tables say, to be compared with what was acknowledged. */
  totals(): Promise<{ used: number; reserved: number; entries: number; over: number }>
  stop(): Promise<void>
}
