import { spawn } from 'node:child_process'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = new URL('../', import.meta.url)

const modules = fileURLToPath(new URL('node_modules/', root))

/**
 * Runs a tool of ours by its script in node_modules, from the root: no shell, no npx, nothing of the network, nobody to ask.
 * `quiet` collects what it says instead of showing it.
 */
export function run(
  script: string,
  args: readonly string[],
  { quiet = false }: { quiet?: boolean } = {},
): Promise<{ exitCode: number; output: string }> {
  const out = quiet ? 'pipe' : 'inherit'
  const child = spawn(process.execPath, [modules + script, ...args], {
    cwd: fileURLToPath(root),
    stdio: ['ignore', out, out],
    // oxlint looks for its type-aware half there.
    env: { ...process.env, PATH: `${modules}.bin${delimiter}${process.env.PATH ?? ''}` },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  let stopped = false
  const stop = (signal: NodeJS.Signals) => {
    stopped = true
    child.kill(signal)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      // Whoever stops us wants no further check; the tool has cleaned up after itself.
      if (stopped) process.exit(1)
      resolve({ exitCode: code ?? 1, output })
    })
  })
}
