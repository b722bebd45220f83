/**
 * What `npm start` runs: the product from one built file, which starts in a third of the time that hundreds of TypeScript files
 * take. Where nothing can be built (a folder that is not ours to write), it runs from the sources.
 */
import { bundled } from './bundle.mjs'

const root = new URL('../', import.meta.url)
const built = await bundled(root).catch((error) => {
  console.error(`  Starts from the sources, more slowly: ${error.message.split('\n')[0]}`)
  return null
})
if (built === null) {
  const { register } = await import('tsx/esm/api')
  register()
}
await import(built ?? new URL('start.ts', root).href)
