/** The server under torture as one built file, so that it is back within a second of being killed; with a planted bug in it, or none. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { hasRemoved, leaves } from './cleaner.ts'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** A small replacement in one source; `before` must stand there exactly once. */
export interface Replacement {
  file: string
  before: string
  after: string
}

export interface Bundle {
  file: string
  remove(): Promise<void>
}

export async function bundleServer(replacements: readonly Replacement[] = []): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-torture-server-'))
  leaves('folder', folder)
  const missing = new Set(replacements.map(({ file }) => file))
  await build({
    absWorkingDir: root,
    entryPoints: { server: 'torture/server-app.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    external: ['pg-native', 'pg-cloudflare', 'esbuild'],
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    plugins: [asSources(replacements, (file) => missing.delete(file))],
  })
  if (missing.size > 0) throw new Error(`The server does not contain ${[...missing].join(', ')}: nothing was planted.`)
  const remove = async () => {
    await rm(folder, { recursive: true, force: true })
    hasRemoved('folder', folder)
  }
  return { file: join(folder, 'server.mjs'), remove }
}

/** What a source finds beside itself stays beside the source; replacements are made on the way. */
const asSources = (replacements: readonly Replacement[], onPlanted: (file: string) => void): Plugin => ({
  name: 'as-sources',
  setup(building) {
    building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const file = relative(root, path)
      const here = replacements.filter((one) => one.file === file)
      let source = readFileSync(path, 'utf8')
      for (const one of here) source = replaced(source, one)
      if (here.length > 0) onPlanted(file)
      const contents = source.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
      return { contents, loader: 'ts' }
    })
  },
})

/** Throws where the text to replace does not stand there exactly once. */
export function replaced(source: string, { file, before, after }: Replacement): string {
  const parts = source.split(before)
  if (parts.length !== 2) throw new Error(`${file} contains ${parts.length - 1} times, not once:\n${before}`)
  return parts.join(after)
}
