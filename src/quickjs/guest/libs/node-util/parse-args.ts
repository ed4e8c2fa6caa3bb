import { checkBoolean, checkObject, checkString, invalidType, invalidValue, nodeError } from '../node/errors.js'

interface OptionConfig {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly multiple?: boolean
  readonly default?: unknown
}
interface Config {
  readonly args?: readonly string[]
  readonly options?: Readonly<Record<string, OptionConfig>>
  readonly strict?: boolean
  readonly allowPositionals?: boolean
  readonly allowNegative?: boolean
  readonly tokens?: boolean
}
interface Token {
  readonly kind: 'option' | 'positional' | 'option-terminator'
  readonly index: number
  readonly name?: string
  readonly rawName?: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

/**
 * Reads the arguments of a command.
 * @see https://nodejs.org/docs/latest-v24.x/api/util.html#utilparseargsconfig
 */
export function parseArgs(config: Config = {}, ownArgs: () => readonly string[]) {
  const { strict = true, options = {}, tokens: wantsTokens = false, allowNegative = false } = config
  const { allowPositionals = !strict } = config
  const args = config.args ?? ownArgs()
  if (!Array.isArray(args)) throw invalidType('args', 'an instance of Array', args)
  checkBoolean(strict, 'strict')
  checkBoolean(allowPositionals, 'allowPositionals')
  checkBoolean(wantsTokens, 'tokens')
  checkBoolean(allowNegative, 'allowNegative')
  checkObject(options, 'options')
  for (const [name, option] of Object.entries(options)) checkOption(name, option)

  const tokens = toTokens(args as readonly string[], options)
  const values = Object.create(null) as Record<string, unknown>
  const positionals: string[] = []
  const store = (name: string, value: unknown): void => {
    if (name === '__proto__') return
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    if (option?.multiple === true) {
      const list = (values[name] ??= []) as unknown[]
      list.push(value)
    } else values[name] = value
  }
  for (const token of tokens) {
    if (token.kind === 'option') {
      if (strict) checkUse(token, { options, allowPositionals, allowNegative })
      let name = token.name!
      let value: unknown = token.value ?? true
      if (allowNegative && token.value === undefined && name.startsWith('no-') && !Object.hasOwn(options, name) && (options[name.slice(3)]?.type === 'boolean' || !strict)) {
        name = name.slice(3)
        value = false
      }
      store(name, value)
    } else if (token.kind === 'positional') {
      if (!allowPositionals) {
        throw nodeError(TypeError, 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL', `Unexpected argument '${token.value}'. This command does not take positional arguments`)
      }
      positionals.push(token.value!)
    }
  }
  for (const [name, option] of Object.entries(options)) {
    if (option.default !== undefined && !Object.hasOwn(values, name) && name !== '__proto__') values[name] = option.default
  }
  return wantsTokens ? { values, positionals, tokens } : { values, positionals }
}

function checkOption(name: string, option: OptionConfig): void {
  checkObject(option, `options.${name}`)
  const { type, short, multiple, default: preset } = option
  if (type !== 'string' && type !== 'boolean') {
    throw invalidType(`options.${name}.type`, "('string|boolean')", type)
  }
  if (short !== undefined) {
    checkString(short, `options.${name}.short`)
    if (short.length !== 1) throw invalidValue(`options.${name}.short`, short, 'must be a single character')
  }
  if (multiple !== undefined) checkBoolean(multiple, `options.${name}.multiple`)
  if (preset === undefined) return
  const isRight = (value: unknown): boolean => typeof value === type
  if (multiple === true ? !Array.isArray(preset) || !preset.every(isRight) : !isRight(preset)) {
    throw invalidType(`options.${name}.default`, multiple === true ? 'an instance of Array' : `of type ${type}`, preset)
  }
}

function checkUse(token: Token, { options, allowPositionals, allowNegative }: { readonly options: Readonly<Record<string, OptionConfig>>; readonly allowPositionals: boolean; readonly allowNegative: boolean }): void {
  const { name = '', rawName = '', value, inlineValue } = token
  const negated = allowNegative && name.startsWith('no-') && options[name.slice(3)]?.type === 'boolean'
  if (!Object.hasOwn(options, name) && !negated) {
    const hint = allowPositionals ? `. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- ${JSON.stringify(rawName)}` : ''
    throw nodeError(TypeError, 'ERR_PARSE_ARGS_UNKNOWN_OPTION', `Unknown option '${rawName}'${hint}`)
  }
  const { short, type } = options[name] ?? options[name.slice(3)]!
  const shown = `${short === undefined ? '' : `-${short}, `}--${name}`
  if (type === 'string' && typeof value !== 'string') throw nodeError(TypeError, 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE', `Option '${shown} <value>' argument missing`)
  if (type === 'boolean' && value !== undefined) throw nodeError(TypeError, 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE', `Option '${shown}' does not take an argument`)
  if (inlineValue === true || typeof value !== 'string' || value.length < 2 || !value.startsWith('-')) return
  const example = rawName.startsWith('--') ? `'${rawName}=-XYZ'` : `'--${name}=-XYZ' or '${rawName}-XYZ'`
  throw nodeError(TypeError, 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE', `Option '${rawName}' argument is ambiguous.\nDid you forget to specify the option argument for '${rawName}'?\nTo specify an option argument starting with a dash use ${example}.`)
}

function toTokens(args: readonly string[], options: Readonly<Record<string, OptionConfig>>): Token[] {
  const tokens: Token[] = []
  const remaining = [...args]
  let index = -1
  let grouped = 0
  const ofShort = (short: string): string => Object.keys(options).find((name) => options[name]!.short === short) ?? short
  const takesValue = (name: string): boolean => Object.hasOwn(options, name) && options[name]!.type === 'string'
  while (remaining.length > 0) {
    const arg = remaining.shift()!
    const next = remaining[0]
    if (grouped > 0) grouped--
    else index++
    if (arg === '--') {
      tokens.push({ kind: 'option-terminator', index })
      for (const value of remaining) tokens.push({ kind: 'positional', index: ++index, value })
      return tokens
    }
    if (/^-[^-]$/.test(arg)) {
      const name = ofShort(arg[1]!)
      const value = takesValue(name) && next !== undefined ? remaining.shift() : undefined
      tokens.push({ kind: 'option', name, rawName: arg, index, value, inlineValue: value === undefined ? undefined : false })
      if (value !== undefined) index++
    } else if (/^-[^-]./.test(arg)) {
      const first = ofShort(arg[1]!)
      if (takesValue(first)) {
        tokens.push({ kind: 'option', name: first, rawName: `-${arg[1]!}`, index, value: arg.slice(2), inlineValue: true })
        continue
      }
      // A group: each of its letters is an option, of which the last may take what is left of it, or the next argument.
      const expanded: string[] = []
      for (let i = 1; i < arg.length; i++) {
        if (!takesValue(ofShort(arg[i]!)) || i === arg.length - 1) expanded.push(`-${arg[i]!}`)
        else {
          expanded.push(`-${arg.slice(i)}`)
          break
        }
      }
      remaining.unshift(...expanded)
      grouped = expanded.length
    } else if (arg.startsWith('--') && arg.length > 2) {
      const equals = arg.indexOf('=', 3)
      const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals)
      if (equals >= 0) tokens.push({ kind: 'option', name, rawName: `--${name}`, index, value: arg.slice(equals + 1), inlineValue: true })
      else {
        const value = takesValue(name) && next !== undefined ? remaining.shift() : undefined
        tokens.push({ kind: 'option', name, rawName: arg, index, value, inlineValue: value === undefined ? undefined : false })
        if (value !== undefined) index++
      }
    } else tokens.push({ kind: 'positional', index, value: arg })
  }
  return tokens
}
