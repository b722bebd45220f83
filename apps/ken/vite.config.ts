import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The chosen theme is applied by the entry script; painting waits for it, so a dark page never flashes white. */
const paintAfterEntry: Plugin = {
  name: 'paint-after-entry',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
  },
}

/** The toasts' styles come as a file: a style element made at run time would ask the content policy for an exception. */
const stylesOfToasts: Plugin = {
  name: 'styles-of-toasts',
  transform(code, id) {
    if (!id.includes('/sonner/dist/index.mjs')) return null
    const without = code.replace(/^__insertCSS\(.*$/m, '')
    if (without === code) throw new Error('sonner puts its styles in otherwise than this build knows.')
    return { code: `import 'sonner/dist/styles.css'\n${without}`, map: null }
  },
}

export default defineConfig({
  root: here('./web'),
  publicDir: here('./web/public'),
  plugins: [react(), paintAfterEntry, stylesOfToasts],
  define: { KEN_BUILD: JSON.stringify('dev') },
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2022',
    // Small files stay files: a strict content policy forbids data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
})
