/** Runs one of the bench's programs as `npm start` runs the product, from one built file: `node bench/run.mjs main`. */
import { bundled } from '../start/bundle.mjs'

await import(await bundled(new URL('../', import.meta.url), `bench/${process.argv[2]}.ts`))
