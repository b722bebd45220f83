import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * A source and everything it needs as JavaScript, built when one of them changed since the last build; the URL to import. Each build
 * has a folder of its own, because a process that runs from an older one still loads from there. Throws where it cannot be built.
 *
 * @param {URL} root The repository, with a slash at the end.
 * @param {string} [entry] From the root, such as start.ts.
 * @returns {Promise<string>}
 */
export async function bundled(root, entry = 'start.ts') {
  const name = entry.replace(/^.*\/|\.ts$/g, '')
  const folder = new URL(`node_modules/.headroom/${name}/`, root)
  const last = read(new URL('last.json', folder))
  if (last !== null && last.root === root.href && last.stamp === stampOf(root, last.files)) {
    return new URL(`${last.stamp}/${name}.mjs`, folder).href
  }
  const fresh = new URL(`new-${process.pid}/`, folder)
  mkdirSync(fresh, { recursive: true })
  try {
    const files = await build(root, entry, fresh)
    const stamp = stampOf(root, files)
    try {
      renameSync(fresh, new URL(stamp, folder))
    } catch (error) {
      // Where somebody else has built the same meanwhile, theirs stays: a process may run from it already.
      if (!existsSync(new URL(stamp, folder))) throw error
    }
    const note = new URL(`last.json.${process.pid}`, folder)
    writeFileSync(note, JSON.stringify({ root: root.href, stamp, files }))
    renameSync(note, new URL('last.json', folder))
    removeOlder(folder, [stamp, last?.stamp])
    return new URL(`${stamp}/${name}.mjs`, folder).href
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Says of the files what changes when one does, without reading them. @param {URL} root @param {string[]} files */
function stampOf(root, files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const found = statSync(new URL(file, root), { throwIfNoEntry: false })
    hash.update(`${file} ${found?.mtimeMs} ${found?.size}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}

/** Builds and returns the sources it came from, installed packages named by the lockfile. @param {URL} root @param {string} entry @param {URL} into */
async function build(root, entry, into) {
  const esbuild = await import('esbuild')
  const { metafile } = await esbuild.build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: [entry],
    outdir: fileURLToPath(into),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    metafile: true,
    logLevel: 'silent',
    external: ['vite', '@vitejs/*', 'tsx', 'esbuild', 'pg-native', 'pg-cloudflare', '@playwright/*', '@sparticuz/*'],
    // Packages written for require, and what they ask of Node, find it here.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    plugins: [ownPlace],
  })
  const own = Object.keys(metafile.inputs).filter((file) => !file.includes('node_modules/'))
  return [...own, 'package-lock.json', 'start/bundle.mjs'].toSorted()
}

/** What a source finds beside itself (migrations, the web app) stays beside the source. @type {import('esbuild').Plugin} */
const ownPlace = {
  name: 'own-place',
  setup(building) {
    building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8')
      if (!source.includes('import.meta.url')) return undefined
      return { contents: source.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' }
    })
  },
}

/** @param {URL} folder @param {(string | undefined)[]} kept */
function removeOlder(folder, kept) {
  for (const name of readdirSync(folder)) {
    if (/^[0-9a-f]{16}$/.test(name) && !kept.includes(name))
      rmSync(new URL(name, folder), { recursive: true, force: true })
  }
}

/** @param {URL} file @returns {{ root: string, stamp: string, files: string[] } | null} */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
