import { describe, expect, it } from 'vitest'
import { type PACKAGED, buildPackaged } from '../../../scripts/guests/packaged.ts'
import { type Component, createSandbox, memoryDir, quickjs, readOnly } from '../../../src/index.js'
import { toTools } from '../../../src/component/index.js'
import { componentFromSources, useComponents, valueOf } from '../../component/components.js'

const say = (line: string): void => console.log(line)

/** One after another: each of them is heavy. */
const built = new Map<string, Awaited<ReturnType<typeof buildPackaged>>>()
for (const name of ['words-qjs', 'words-js', 'numbers', 'query'] satisfies readonly (keyof typeof PACKAGED)[]) {
  // Its compiler alone is 384 MB.
  const isLeftOut = name === 'words-js' && process.env['GLOVEBOX_HEAVY_GUESTS'] === undefined
  const made = isLeftOut ? { reason: 'its compiler takes 384 MB; set GLOVEBOX_HEAVY_GUESTS=1 to have it installed' } : await buildPackaged(name, say)
  if ('reason' in made) say(`skipped: the tests of ${name}; ${made.reason}`)
  built.set(name, made)
}
const isMissing = (name: string): boolean => !('bytes' in built.get(name)!)
const bytesOf = (name: string): Uint8Array => {
  const made = built.get(name)
  if (made === undefined || !('bytes' in made)) throw new Error(`${name} was not built`)
  return made.bytes
}

describe.each(['words-qjs', 'words-js'])('JavaScript as a component: %s', (name) => {
  const { sandbox } = useComponents()

  it.skipIf(isMissing(name))('counts words, and gives its error as one', { timeout: 60_000 }, async () => {
    await using words = await sandbox().load(bytesOf(name))
    expect(valueOf(await words.call('count', ['green tea  and black tea']))).toBe(5)
    expect(valueOf(await words.call('longest', [['tea', 'cups', 'mug']]))).toBe('cups')
    expect(await words.call('longest', [[]])).toMatchObject({ outcome: 'threw', error: { name: 'ComponentError', message: 'no words' } })
  })

  it.skipIf(isMissing(name))('needs no grant, and stops at its fuel', { timeout: 60_000 }, async () => {
    await using words = await sandbox().load(bytesOf(name))
    const text = 'word '.repeat(20_000)
    const whole = await words.call('count', [text])
    expect(whole).toMatchObject({ outcome: 'returned', value: 20_000 })
    expect(whole.ledger.filter(({ decision }) => decision === 'denied')).toEqual([])
    const cut = await words.call('count', [text], { limits: { fuel: Math.floor(whole.usage.fuel / 2) } })
    expect(cut).toMatchObject({ outcome: 'stopped', reason: 'fuel' })
  })
})

describe('AssemblyScript as a component: numbers', () => {
  const { sandbox } = useComponents()

  it.skipIf(isMissing('numbers'))('computes on numbers, within its memory', async () => {
    await using numbers = await sandbox().load(bytesOf('numbers'))
    expect(numbers.imports).toEqual([])
    expect(valueOf(await numbers.call('gcd', [1071, 462]))).toBe(21)
    expect(valueOf(await numbers.call('primes', [100_000]))).toBe(9592)
    expect((await numbers.call('primes', [1_000_000_000], { limits: { memoryBytes: 8 << 20 } })).outcome).toBe('stopped')
  })
})

describe('SQLite as a command: query', () => {
  const { sandbox } = useComponents()
  const run = async (query: Component, fs: Parameters<typeof memoryDir>[0] | object, sql: string) => query.run({ args: ['/data/shop.db', sql], grants: { fs: fs as never }, limits: { hostCalls: 10_000, hostBytesIn: 64 << 20, hostBytesOut: 64 << 20 } })

  it.skipIf(isMissing('query'))('keeps a database in a directory that is granted, and changes none that is read-only', async () => {
    await using query = await sandbox().load(bytesOf('query'))
    const data = memoryDir()
    expect(await run(query, { '/data': data }, `create table items(name text primary key, price real); insert into items values ('green tea', 4), ('cups', 7.5); select * from items order by price`))
      .toMatchObject({ exitCode: 0, stdout: '["green tea",4]\n["cups",7.5]\n', stderr: '' })
    expect(data.list().map(({ path }) => path)).toEqual(['shop.db'])
    expect(new TextDecoder().decode(data.readFile('shop.db').subarray(0, 15))).toBe('SQLite format 3')
    const filled = await run(query, { '/data': data }, `with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) insert into items select 'item ' || i, i from n; select count(*), sum(price) from items; begin; delete from items; rollback; select count(*) from items`)
    expect(filled).toMatchObject({ exitCode: 0, stdout: '[2002,2001011.5]\n[2002]\n' })
    const before = data.readFile('shop.db')
    expect((await run(query, { '/data': readOnly(data) }, 'delete from items')).exitCode).toBe(1)
    expect(data.readFile('shop.db')).toEqual(before)
    expect((await run(query, {}, 'select 1')).exitCode).toBe(1)
  })
})

describe('a compiled component as a tool of a program', () => {
  it.skipIf(isMissing('words-qjs'))('answers under its own grants, with the types of its WIT', async () => {
    await using sandbox = await createSandbox({ engines: [quickjs(), componentFromSources()] })
    await using words = await sandbox.load(bytesOf('words-qjs'))
    const tools = toTools(words, { only: ['count', 'longest'] })
    const result = await sandbox.run(`
      const failed = await tools.longest({ words: [] }).catch((error) => error.message)
      return [await tools.count({ text: 'one two' }), await tools.longest({ words: ['a', 'bb'] }), failed]`, { grants: { tools } })
    expect(result).toMatchObject({ outcome: 'returned', value: [2, 'bb', 'no words'] })
  })
})
