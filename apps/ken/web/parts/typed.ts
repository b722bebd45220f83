/** What was typed into a form's field of this name; a file or nothing is an empty text. */
export function typed(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
