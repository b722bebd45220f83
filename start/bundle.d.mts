/** The URL of the built product, built first where a source has changed; see bundle.mjs. */
export function bundled(root: URL): Promise<string>
