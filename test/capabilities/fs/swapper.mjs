// Exchanges a directory and a link to outside, as fast as it can, until it is ended.
import { renameSync } from 'node:fs'
import { join } from 'node:path'

const inside = process.argv[2]
const [swap, link, spare] = ['swap', 'link', 'spare'].map((name) => join(inside, name))
process.send('ready')
process.on('disconnect', () => process.exit())
function turn() {
  for (let i = 0; i < 200; i++) {
    renameSync(swap, spare)
    renameSync(link, swap)
    renameSync(swap, link)
    renameSync(spare, swap)
  }
  setImmediate(turn)
}
turn()
