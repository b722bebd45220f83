/** The builder behind an OpenAI-compatible endpoint. What comes back is checked word for word, and may be put right once. */
import * as z from 'zod'
import type { DirectoryOptions } from '../directory/search.ts'
import { StepFailed, type CampaignBuilder, type SoFar } from './builder.ts'
import { chat, parse, type Endpoint, type Message } from './chat.ts'
import { materialOf, questions, rules, type Question } from './openai-prompts.ts'
import { idealCustomer, planning, proposedSegments, research, strategy, writtenSequence } from './words.ts'

/** `endpoint.url` is the address of chat completions itself. */
export function openaiBuilder(endpoint: Endpoint): CampaignBuilder {
  const ask = <Schema extends z.ZodType>(
    question: Question,
    schema: Schema,
    { soFar, options = null, signal }: { soFar: SoFar; options?: DirectoryOptions | null; signal: AbortSignal },
  ) => answerOf(endpoint, schema, messagesOf(question, materialOf(soFar, options)), signal)
  return {
    name: endpoint.model,
    research: (soFar, signal) => ask(questions.research, research, { soFar, signal }),
    planning: (soFar, signal) => ask(questions.planning, planning, { soFar, signal }),
    idealCustomer: (soFar, options, signal) => ask(questions.idealCustomer, idealCustomer, { soFar, options, signal }),
    segment: async (soFar, _options, signal) =>
      (await ask(questions.segment, proposedSegments, { soFar, signal })).segments,
    strategy: (soFar, signal) => ask(questions.strategy, strategy, { soFar, signal }),
    emailCopy: async (soFar, signal) => (await ask(questions.emailCopy, writtenSequence, { soFar, signal })).sequence,
  }
}

const messagesOf = ({ task, shape }: Question, material: string): Message[] => [
  { role: 'system', content: `${rules}\n\nThe step: ${task}\nThe shape: ${shape}` },
  { role: 'user', content: material },
]

/** The answer in its shape. One that has another is sent back once with what is wrong with it; then the step has failed. */
async function answerOf<Schema extends z.ZodType>(
  endpoint: Endpoint,
  schema: Schema,
  messages: Message[],
  signal: AbortSignal,
): Promise<z.infer<Schema>> {
  const first = await chat(endpoint, messages, signal)
  const checked = schema.safeParse(parse(first))
  if (checked.success) return checked.data
  const again = await chat(
    endpoint,
    [
      ...messages,
      { role: 'assistant', content: first.slice(0, 20_000) },
      {
        role: 'user',
        content: `That is not of the shape. ${faultsOf(checked.error)} Answer again with the whole JSON object.`,
      },
    ],
    signal,
  )
  const repaired = schema.safeParse(parse(again))
  if (repaired.success) return repaired.data
  throw new StepFailed('The AI service gave an answer that could not be used, twice. Try this step again.')
}

const faultsOf = ({ issues }: z.ZodError): string =>
  issues
    .slice(0, 10)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join(' ')
