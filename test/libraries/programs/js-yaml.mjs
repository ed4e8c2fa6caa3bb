import { dump, load, loadAll } from 'js-yaml'

let broken
try {
  load('a: b: c')
} catch (error) {
  broken = [error.name, error.reason]
}
export default { loaded: load('a: 1\nb: [x, "y"]\nc: >-\n  folded\n  text\nd: ~\n'), dumped: dump({ list: [1, 'two', { three: 3.5 }], empty: {}, multi: 'a\nb\n' }, { sortKeys: true }), many: loadAll('--- 1\n--- 2\n'), broken }
