import fc from 'fast-check'
import { activeElements, build, EMPTY, FUNCREF, I32, op } from './builder.js'

/** Type indices of generated modules. */
const [NULLARY, UNARY] = [0, 1]
const LOCALS = 3
const GLOBALS = { budget: 0, state: 1 } as const

/** Code that does not know its surroundings yet: label depths and indices are chosen when it is written. */
type Code = (context: Context) => number[]

interface Context {
  /** Labels in scope, the function's own included, none of which takes values unless told here. */
  readonly labels: readonly ('plain' | 'value')[]
  readonly functions: number
}

const inner = (context: Context, label: 'plain' | 'value'): Context => ({ ...context, labels: [label, ...context.labels] })

/** Ends the guest when its budget of rounds and calls is spent, so that plain runs end too. */
const guard = [
  ...op.globalGet(GLOBALS.budget), ...op.i32(1), ...op.sub, ...op.globalSet(GLOBALS.budget),
  ...op.globalGet(GLOBALS.budget), ...op.i32(0), ...op.ltS, ...op.if(EMPTY, op.unreachable),
]

/** A label of the kind asked for, or undefined. */
function pick(context: Context, kind: 'plain' | 'value', at: number): number | undefined {
  const depths = context.labels.flatMap((label, depth) => (label === kind ? [depth] : []))
  return depths.length === 0 ? undefined : depths[at % depths.length]
}

const small = fc.nat({ max: 0xffff })
const address = (code: number[]): number[] => [...code, ...op.i32(0xfffc), 0x71]

const { expression, statements } = fc.letrec<{ expression: Code; statement: Code; statements: Code }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.integer({ min: -3, max: 300 }).map((value): Code => () => op.i32(value)),
    small.map((at): Code => () => op.get(at % LOCALS)),
    fc.constant<Code>(() => op.globalGet(GLOBALS.state)),
    fc.tuple(tie('expression'), tie('expression'), fc.constantFrom(0x6a, 0x6b, 0x6c, 0x6d, 0x70, 0x72, 0x73, 0x74, 0x46, 0x48, 0x4b))
      .map(([left, right, opcode]): Code => (context) => [...left(context), ...right(context), opcode]),
    tie('expression').map((at): Code => (context) => [...address(at(context)), ...op.load()]),
    small.map((at): Code => (context) => op.call(2 * (at % context.functions))),
    fc.tuple(small, tie('expression')).map(([at, value]): Code => (context) => [...value(context), ...op.call(2 * (at % context.functions) + 1)]),
    tie('expression').map((at): Code => (context) => [...at(context), ...op.i32(7), 0x71, ...op.callIndirect(NULLARY)]),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([condition, then, other]): Code => (context) =>
      [...condition(context), ...op.if(I32, then(inner(context, 'value')), other(inner(context, 'value')))]),
    fc.tuple(tie('statements'), tie('expression')).map(([before, value]): Code => (context) =>
      op.block(I32, before(inner(context, 'value')), value(inner(context, 'value')))),
    fc.tuple(tie('statements'), tie('expression')).map(([before, value]): Code => (context) =>
      op.loop(I32, guard, before(inner(context, 'plain')), value(inner(context, 'plain')))),
    // A loop that takes and yields a value: its parameter stays on the stack while the charge is made.
    fc.tuple(tie('expression'), tie('expression')).map(([start, more]): Code => (context) =>
      [...start(context), 0x03, UNARY, ...guard, ...more(inner(context, 'value')), 0x6a, 0x0b]),
    fc.constant<Code>(() => [...op.memorySize]),
    fc.integer({ min: 0, max: 2 }).map((pages): Code => () => [...op.i32(pages), ...op.memoryGrow]),
  ),
  statement: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.tuple(small, tie('expression')).map(([at, value]): Code => (context) => [...value(context), ...op.set(at % LOCALS)]),
    tie('expression').map((value): Code => (context) => [...value(context), ...op.globalSet(GLOBALS.state)]),
    fc.tuple(tie('expression'), tie('expression')).map(([at, value]): Code => (context) =>
      [...address(at(context)), ...value(context), ...op.store()]),
    fc.tuple(tie('expression'), tie('statements'), fc.option(tie('statements'))).map(([condition, then, other]): Code => (context) =>
      [...condition(context), ...op.if(EMPTY, then(inner(context, 'plain')), other?.(inner(context, 'plain')))]),
    tie('statements').map((body): Code => (context) => op.block(EMPTY, body(inner(context, 'plain')))),
    fc.tuple(tie('statements'), tie('expression')).map(([body, again]): Code => (context) =>
      op.loop(EMPTY, guard, body(inner(context, 'plain')), again(inner(context, 'plain')), op.brIf(0))),
    fc.tuple(small, tie('expression')).map(([at, condition]): Code => (context) => {
      const depth = pick(context, 'plain', at)
      return depth === undefined ? [] : [...condition(context), ...op.brIf(depth)]
    }),
    fc.tuple(fc.array(small, { maxLength: 4 }), small, tie('expression')).map(([targets, last, index]): Code => (context) => {
      const depths = [...targets, last].map((at) => pick(context, 'plain', at)).filter((depth) => depth !== undefined)
      const end = depths.pop()
      return end === undefined ? [] : op.block(EMPTY, index(inner(context, 'plain')), op.brTable(depths.map((depth) => depth + 1), end + 1))
    }),
    fc.tuple(tie('expression'), fc.nat({ max: 300 })).map(([at, length]): Code => (context) =>
      [...address(at(context)), ...op.i32(7), ...op.i32(length), ...op.memoryFill]),
    fc.tuple(tie('expression'), tie('expression'), fc.nat({ max: 300 })).map(([to, from, length]): Code => (context) =>
      [...address(to(context)), ...address(from(context)), ...op.i32(length), ...op.memoryCopy]),
    tie('expression').map((value): Code => (context) => op.block(EMPTY, value(inner(context, 'plain')), op.return)),
    small.map((at): Code => (context) => op.block(EMPTY, op.returnCall(2 * (at % context.functions)))),
  ),
  statements: fc.array(tie('statement'), { maxLength: 4 }).map((list): Code => (context) => list.flatMap((code) => code(context))),
}))

/** Valid modules whose `run` always ends: functions of two types, loops of all shapes, memory, a table. */
export const modules: fc.Arbitrary<Uint8Array<ArrayBuffer>> = fc
  .array(fc.tuple(statements, expression), { minLength: 1, maxLength: 4 })
  .map((functions) => {
    const body = ([before, value]: readonly [Code, Code]): number[] => {
      const context: Context = { labels: ['value'], functions: functions.length }
      return [...guard, ...before(context), ...value(context)]
    }
    return build({
      types: [[[], [I32]], [[I32], [I32]]],
      functions: functions.flatMap((code) => [
        { type: NULLARY, locals: [{ count: LOCALS, type: I32 }], code: body(code) },
        { type: UNARY, locals: [{ count: LOCALS - 1, type: I32 }], code: body(code) },
      ]),
      tables: [[FUNCREF, 0, 8]],
      memories: [[1, 1, 3]],
      globals: [[I32, 1, ...op.i32(300), 0x0b], [I32, 1, ...op.i32(9), 0x0b]],
      exports: [['run', 0, 0], ['memory', 2, 0], ['budget', 3, 0], ['state', 3, 1]],
      elements: [activeElements(functions.flatMap((_, index) => (index % 2 === 0 ? [2 * index, 2 * index + 1] : [2 * index])))],
    })
  })

/** Bytes with a few of them changed, taken out, doubled or cut off. */
export const mutationsOf = (original: Uint8Array): fc.Arbitrary<Uint8Array<ArrayBuffer>> =>
  fc
    .array(
      fc.tuple(fc.nat({ max: original.length - 1 }), fc.nat({ max: 255 }), fc.constantFrom('set', 'flip', 'remove', 'double', 'cut')),
      { minLength: 1, maxLength: 4 },
    )
    .map((changes) => {
      let bytes = [...original]
      for (const [place, value, change] of changes) {
        const at = place % Math.max(1, bytes.length)
        if (change === 'set') bytes[at] = value
        else if (change === 'flip') bytes[at] = (bytes[at] as number) ^ (1 << (value % 8))
        else if (change === 'remove') bytes.splice(at, 1 + (value % 3))
        else if (change === 'double') bytes.splice(at, 0, ...bytes.slice(at, at + (value % 9)))
        else if (value < 16) bytes = bytes.slice(0, at)
      }
      return Uint8Array.from(bytes)
    })
