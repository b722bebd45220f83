/** The builder an operator chose: a model behind any OpenAI-compatible endpoint, else the one that needs no network. */
import type { CampaignBuilder } from './builder.ts'
import { offlineBuilder } from './offline-builder.ts'
import { openaiBuilder } from './openai-builder.ts'

type Environment = Record<string, string | undefined>

/** The operator's mistake, not ours: the process ends with the message alone. */
class WrongBuilder extends Error {
  override readonly name = 'WrongBuilder'
  readonly exitCode = 2
}

/** Reads KEN_AI_URL, KEN_AI_KEY and KEN_AI_MODEL; throws naming the one that cannot be. An empty one counts as unset. */
export function builderOf(environment: Environment, options: { millisecondsEach: number }): CampaignBuilder {
  const { KEN_AI_URL: base = '', KEN_AI_KEY: key = '', KEN_AI_MODEL: model = '' } = environment
  if (base === '') {
    const alone = key !== '' ? 'KEN_AI_KEY' : model !== '' ? 'KEN_AI_MODEL' : null
    if (alone) throw new WrongBuilder(`KEN_AI_URL must be set where ${alone} is.`)
    return offlineBuilder(options)
  }
  if (!isBase(base))
    throw new WrongBuilder('KEN_AI_URL must be an http or https address without a query, such as https://host/v1.')
  if (!/^[\x21-\x7e]{1,200}$/.test(model))
    throw new WrongBuilder('KEN_AI_MODEL must name the model: 1 to 200 visible characters without blanks.')
  if (!/^[\x21-\x7e]{0,500}$/.test(key))
    throw new WrongBuilder('KEN_AI_KEY must have up to 500 visible characters without blanks.')
  return openaiBuilder({ url: `${base.replace(/\/+$/, '')}/chat/completions`, key: key === '' ? null : key, model })
}

function isBase(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false
  return url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}
