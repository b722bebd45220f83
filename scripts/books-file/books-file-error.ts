/** The file or the database is not what it has to be; nothing was changed. */
export class BooksFileError extends Error {
  override name = 'BooksFileError'
  readonly exitCode = 2
}
