import { z } from 'zod'

const Order = z.object({
  id: z.uuid(),
  email: z.email(),
  items: z.array(z.object({ sku: z.string().regex(/^[A-Z]{2}\d+$/), count: z.coerce.number().int().positive() })).min(1),
  status: z.enum(['open', 'sent']).default('open'),
  when: z.iso.datetime().transform((text) => new Date(text).getTime()),
})
const good = Order.parse({ id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301', email: 'ada@example.test', items: [{ sku: 'AB12', count: '3' }], when: '2026-01-02T03:04:05Z' })
const bad = Order.safeParse({ id: 'x', email: 'nobody', items: [], when: 'later' })
const Shape = z.discriminatedUnion('kind', [z.object({ kind: z.literal('circle'), r: z.number() }), z.object({ kind: z.literal('square'), a: z.number() })])
export default {
  good,
  bad: bad.error.issues.map(({ path, code, message }) => [path.join('.'), code, message]),
  union: Shape.parse({ kind: 'circle', r: 2 }),
  tree: z.prettifyError(Shape.safeParse({ kind: 'circle', r: 'x' }).error),
  schema: z.toJSONSchema(z.object({ a: z.string().optional(), b: z.number().max(3) })),
}
