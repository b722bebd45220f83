import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LocalPostgresError } from './local-postgres-error.ts'
import { isStillRunning, processLife } from './process-life.ts'

export interface AppLock {
  release(): void
}

interface Claim {
  name: string
  pid: number
  start: string | null
  port: string
  held: boolean
}

const PATIENCE_MS = 2_000

/** Claims made by this very process: where start times are unknown they tell our claim from an old one with our pid. */
const ownClaims = new Set<string>()

/**
 * Takes the one place a data directory has for an app, or refuses naming who has it. A claim left by a dead process is
 * swept away.
 *
 * Every starter first puts its own file down and then looks for others: of two that start at the same moment at least
 * one sees the other, so both can never hold. A file is only ever removed by its owner or once its owner is dead,
 * and no name is used twice, so sweeping cannot hit a newcomer. What must be known is in the name, thus never
 * half-written; any content means «held».
 */
export async function takeAppLock(root: string, appPort: number | undefined): Promise<AppLock> {
  const folder = join(root, 'app.lock')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const start = processLife(process.pid).start ?? '-'
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const name = [process.pid, start, appPort ?? '-', randomBytes(6).toString('hex')].join('_')
    const path = join(folder, name)
    ownClaims.add(name)
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 })
    const others = liveClaims(folder).filter((claim) => claim.name !== name)
    if (others.length === 0) {
      writeFileSync(path, 'held')
      return { release: () => withdraw(path, name) }
    }
    withdraw(path, name)
    const holder = others.find((claim) => claim.held) ?? (Date.now() > deadline ? others[0] : undefined)
    if (holder) throw refusal(holder, root)
    // Two starters saw each other and both stepped back: a random pause lets one of them pass first.
    await sleep(5 + Math.random() * 60)
  }
}

function withdraw(path: string, name: string): void {
  rmSync(path, { force: true })
  ownClaims.delete(name)
}

function liveClaims(folder: string): Claim[] {
  const live: Claim[] = []
  for (const name of readdirSync(folder)) {
    const claim = readClaim(folder, name)
    if (claim && isAlive(claim)) live.push(claim)
    else rmSync(join(folder, name), { force: true })
  }
  return live
}

function readClaim(folder: string, name: string): Claim | null {
  const [pid, start, port] = name.split('_')
  if (!pid || !start || !port) return null
  return { name, pid: Number(pid), start: start === '-' ? null : start, port, held: hasContent(join(folder, name)) }
}

function hasContent(path: string): boolean {
  try {
    return readFileSync(path, 'utf8') !== ''
  } catch {
    return false
  }
}

function isAlive(claim: Claim): boolean {
  if (claim.pid === process.pid && claim.start === null) return ownClaims.has(claim.name)
  return isStillRunning(claim.pid, claim.start)
}

function refusal(holder: Claim, root: string): LocalPostgresError {
  const port = holder.port === '-' ? '' : `, port ${holder.port}`
  return new LocalPostgresError(
    `Another Headroom (process ${holder.pid}${port}) uses ${root}: stop it, or set HEADROOM_DATA_DIR to another directory.`,
  )
}
