import { applyPatches, enableMapSet, enablePatches, produce, produceWithPatches } from 'immer'

enableMapSet()
enablePatches()
const base = { list: [{ done: false }, { done: false }], tags: new Set(['a']), map: new Map([['k', { n: 1 }]]) }
const next = produce(base, (draft) => {
  draft.list[0].done = true
  draft.tags.add('b')
  draft.map.get('k').n++
})
const [, patches, inverse] = produceWithPatches({ a: 1, b: [1, 2] }, (draft) => {
  draft.a = 2
  draft.b.push(3)
})
export default { done: [base.list[0].done, next.list[0].done], shared: base.list[1] === next.list[1], tags: [...next.tags], n: next.map.get('k').n, frozen: Object.isFrozen(next.list), patches, back: applyPatches({ a: 2, b: [1, 2, 3] }, inverse) }
