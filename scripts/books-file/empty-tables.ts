/** Makes all tables as a start makes them, with nothing in them. */
import { createKen } from '@headroom/ken'
import { createSimulator } from '@headroom/stripe-simulator'
import { connectOwner } from '../../packages/engine/src/connection.ts'
import { migrate } from '../../packages/engine/src/migrate.ts'

/**
 * `isSimulated`: also those of the simulated Stripe. `databaseUrl`: with which a server is to work on them, where that is not as who
 * makes them. A repeat changes nothing.
 */
export async function makeTables(ownerUrl: string, isSimulated: boolean, databaseUrl = ownerUrl): Promise<void> {
  const owner = await connectOwner(ownerUrl)
  try {
    await migrate(owner, decodeURIComponent(new URL(databaseUrl).username))
  } finally {
    await owner.end()
  }
  const nowhere = 'http://127.0.0.1:9'
  const ken = await createKen({
    databaseUrl: ownerUrl,
    headroom: { baseUrl: nowhere, apiKey: 'hr_sk_0123456789abcdef' },
    publicUrl: nowhere,
    secret: 'of nobody, for nothing, 32 bytes long',
    demo: false,
    webRoot: null,
    build: '',
    smtpUrl: null,
    worker: false,
    log: () => {},
  })
  await ken.stop()
  if (!isSimulated) return
  const now = () => Promise.resolve(Date.now())
  const simulator = await createSimulator({
    databaseUrl: ownerUrl,
    publicUrl: nowhere,
    mount: '',
    webhook: { url: nowhere, secret: 'whsec_none' },
    clock: { now, advance: now, moving: false },
  })
  await simulator.stop()
}
