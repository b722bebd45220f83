import { defineConfig } from 'vite'

/** The page of all states: `npm run states` serves it, `npm run states -- build` builds it into states/dist. */
export default defineConfig({ root: new URL('.', import.meta.url).pathname, logLevel: 'warn' })
