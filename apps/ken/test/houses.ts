/** Houses for tests that each need their own, and further processes of Ken's beside them. */
import { createKen, type Ken } from '../src/index.ts'
import { house, type House } from './harness.ts'

const opened: House[] = []
const others: Ken[] = []

/** A house of its own for one test. */
export async function open(...options: Parameters<typeof house>): Promise<House> {
  const here = await house(...options)
  opened.push(here)
  return here
}

/** Another process of Ken's on the same database, as far as the database can tell. */
export async function another(here: House, options: Partial<House['options']> = {}): Promise<Ken> {
  const ken = await createKen({ ...here.options, ...options })
  others.push(ken)
  await ken.start()
  return ken
}

/** Waits until it holds; the test's own timeout ends what never does. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}

/** Stops everything that was opened; call it after each test. */
export async function closeAll(): Promise<void> {
  await Promise.all(others.splice(0).map((ken) => ken.stop()))
  await Promise.all(opened.splice(0).map((here) => here.stop()))
}
