import { contents, type Heading } from './contents.ts'

/** The article's headings, each a way to it. */
export function Contents() {
  return (
    <nav aria-labelledby="contents-title" className="help-contents">
      <h2 id="contents-title">On this page</h2>
      <Headings headings={contents} />
    </nav>
  )
}

function Headings({ headings }: { headings: readonly Heading[] }) {
  return (
    <ul>
      {headings.map(({ id, title, parts }) => (
        <li key={id}>
          <a href={`#${id}`}>{title}</a>
          {parts !== undefined && <Headings headings={parts} />}
        </li>
      ))}
    </ul>
  )
}
