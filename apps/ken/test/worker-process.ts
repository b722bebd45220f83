/** A process of Ken's that works on jobs until it is killed: see killed-worker.ts. */
import { offlineBuilder } from '../src/builds/offline-builder.ts'
import { createKen, type KenOptions } from '../src/index.ts'
import { quickVerifier } from './harness.ts'

const { databaseUrl, baseUrl, apiKey, publicUrl, secret, smtpUrl } = JSON.parse(process.argv[2]!) as Record<
  string,
  string
>
const options: KenOptions = {
  databaseUrl: databaseUrl!,
  headroom: { baseUrl: baseUrl!, apiKey: apiKey! },
  publicUrl: publicUrl!,
  secret: secret!,
  demo: false,
  webRoot: null,
  build: 'test-build',
  log: () => {},
  smtpUrl: smtpUrl ?? null,
  lookSeconds: 0.2,
  builder: offlineBuilder({ millisecondsEach: 150 }),
  verifier: {
    // Slow enough to be killed in the middle of every kind of step.
    async verify(emails, signal) {
      await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 40))
      return quickVerifier.verify(emails, signal)
    },
  },
}
await (await createKen(options)).start()
