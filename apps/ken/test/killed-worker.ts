/** A process of Ken's that works on a house's jobs, to be killed in the middle of it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { apiKey, type House } from './harness.ts'

const started = new Set<ChildProcess>()

export interface WorkerProcess {
  /** As the operating system does it: no warning, no last word. */
  kill(): Promise<void>
}

export function startWorker({ options, url }: House): WorkerProcess {
  const { databaseUrl, publicUrl, secret, smtpUrl } = options
  const script = fileURLToPath(new URL('worker-process.ts', import.meta.url))
  const settings = JSON.stringify({ databaseUrl, publicUrl, secret, apiKey, baseUrl: url, ...(smtpUrl && { smtpUrl }) })
  const child = spawn(process.execPath, ['--import', 'tsx', script, settings], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  started.add(child)
  return {
    async kill() {
      started.delete(child)
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** Call it after each test. */
export function killWorkers(): void {
  for (const child of started) child.kill('SIGKILL')
  started.clear()
}
