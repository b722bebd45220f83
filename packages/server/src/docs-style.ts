/** The style of /docs: one column, readable at 390 px, light and dark. */
export const docsStyle = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5a626b; --line: #d9dde2; --paper: #fff; --code: #f3f5f7; --accent: #3538cd; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a3abb5; --line: #343a42; --paper: #14171a; --code: #1e2328; --accent: #a4acff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.6 system-ui, sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 24px 16px 96px; }
h1 { font-size: 28px; line-height: 1.2; margin: 8px 0 16px; }
h2 { font-size: 20px; margin: 56px 0 8px; padding-top: 16px; border-top: 1px solid var(--line); }
h3 { font-size: 16px; margin: 40px 0 4px; overflow-wrap: anywhere; }
h4 { font-size: 13px; margin: 16px 0 4px; color: var(--soft); }
p, ul { margin: 8px 0; }
ul { padding-left: 20px; }
a { color: var(--accent); }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { background: var(--code); padding: 1px 4px; border-radius: 4px; font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.method { font: 600 12px/1 ui-monospace, monospace; color: var(--accent); margin-right: 6px; }
nav ul { list-style: none; padding: 0; }
nav ul ul { padding-left: 12px; }
dl { margin: 4px 0; display: grid; grid-template-columns: minmax(96px, 220px) 1fr; gap: 4px 16px; }
dt { overflow-wrap: anywhere; }
dd { margin: 0; color: var(--soft); overflow-wrap: anywhere; }
@media (max-width: 560px) { dl { grid-template-columns: 1fr; } dd { padding-left: 12px; margin-bottom: 4px; } }
`
