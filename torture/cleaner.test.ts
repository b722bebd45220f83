import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('cleaner-process.mjs', import.meta.url))
/** A process that does nothing; its name says whose it is. */
const idle = (name: string) => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', name], { stdio: 'ignore' })

test('what a run leaves is ended and removed when the run is gone, and nothing else', async () => {
  const [left, removed, strange] = ['headroom-torture-server-1', 'headroom-torture-server-2', 'another'].map(idle)
  const [folder, kept] = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'headroom-torture-cleaner-')))
  try {
    const cleaner = spawn(process.execPath, [script], { stdio: ['pipe', 'inherit', 'inherit'] })
    const gone = once(left!, 'exit')
    // A process that is frozen is to go too.
    left!.kill('SIGSTOP')
    const lines = [left, removed, strange].map((child) => `+ process ${child!.pid}`)
    lines.push(`- process ${removed!.pid}`, `+ folder ${folder}`, `+ folder ${kept}`, `- folder ${kept}`)
    cleaner.stdin.end(`${lines.join('\n')}\n`)
    const [code] = (await once(cleaner, 'exit')) as [number]
    await gone
    expect(code).toBe(0)
    expect(left!.signalCode).toBe('SIGKILL')
    expect([removed!.exitCode, removed!.signalCode]).toEqual([null, null])
    if (process.platform === 'linux') expect(strange!.signalCode).toBe(null)
    expect([existsSync(folder!), existsSync(kept!)]).toEqual([false, true])
  } finally {
    for (const child of [left, removed, strange]) child!.kill('SIGKILL')
    for (const one of [folder, kept]) rmSync(one!, { recursive: true, force: true })
  }
})
