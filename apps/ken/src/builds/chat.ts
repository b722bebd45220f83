/**
 * Asks a model behind an OpenAI-compatible endpoint (POST …/chat/completions). What goes wrong is told in words for the person who
 * waits, and never with the key or with what the endpoint said: that goes to nobody.
 */
import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { StepFailed } from './builder.ts'

export interface Endpoint {
  url: string
  key: string | null
  model: string
  /** For one answer; default 90,000. */
  timeoutMs?: number
}

export interface Message {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** A step's answer is a few thousand characters; more than this is not one. */
const mostBytes = 512 * 1024
/** An endpoint that asks for more patience than this is not waited for. */
const longestWaitSeconds = 20

const completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
})

/** The text of the model's answer. Once more after 429 and 5xx; throws StepFailed, and the signal's reason when that aborts. */
export async function chat(endpoint: Endpoint, messages: Message[], signal: AbortSignal): Promise<string> {
  let response = await send(endpoint, messages, signal)
  if (response.status === 429 || response.status >= 500) {
    await pause(waitOf(response) * 1_000, undefined, { signal })
    response = await send(endpoint, messages, signal)
  }
  if (response.status !== 200) throw new StepFailed(refusalOf(response.status))
  const parsed = completion.safeParse(parse(response.text))
  if (!parsed.success)
    throw new StepFailed('The AI service gave an answer that could not be read. Try this step again.')
  return parsed.data.choices[0]!.message.content
}

interface Answer {
  status: number
  retryAfter: string | null
  text: string
}

async function send(
  { url, key, model, timeoutMs = 90_000 }: Endpoint,
  messages: Message[],
  signal: AbortSignal,
): Promise<Answer> {
  const late = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method: 'POST',
      // The key goes to the address that was set, and to no other.
      redirect: 'error',
      headers: { 'Content-Type': 'application/json', ...(key !== null && { Authorization: `Bearer ${key}` }) },
      body: JSON.stringify({ model, messages, temperature: 0.4, response_format: { type: 'json_object' } }),
      signal: AbortSignal.any([signal, late]),
    })
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await textOf(response) }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof StepFailed) throw error
    throw new StepFailed(
      late.aborted
        ? 'The AI service did not answer in time. Try this step again.'
        : 'The AI service could not be reached. Try this step again.',
    )
  }
}

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > mostBytes) throw new StepFailed('The AI service gave an answer that is too long. Try this step again.')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function waitOf({ retryAfter }: Answer): number {
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : 1
  if (seconds > longestWaitSeconds)
    throw new StepFailed('The AI service is busy. Try this step again in a few minutes.')
  return seconds
}

function refusalOf(status: number): string {
  if (status === 401 || status === 403)
    return 'The AI service does not accept the key that is set for it. Tell whoever runs Ken: KEN_AI_KEY.'
  if (status === 404)
    return 'The AI service does not know the model that is set. Tell whoever runs Ken: KEN_AI_URL, KEN_AI_MODEL.'
  if (status === 429 || status >= 500)
    return 'The AI service is busy or out of order. Try this step again in a few minutes.'
  return `The AI service refused the request (${status}). Try this step again.`
}

/** The JSON in a text, also where a model puts it between words or in a code block; undefined where there is none. */
export function parse(text: string): unknown {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')]
  if (from === -1 || to < from) return undefined
  try {
    return JSON.parse(text.slice(from, to + 1))
  } catch {
    return undefined
  }
}
