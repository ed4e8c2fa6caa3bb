import fs from 'node:fs'
import path from 'node:path'
const root = path.join(process.env.DATA, 'tree')
for (const name of ['a/b/c.txt', 'a/d.txt', 'e.txt']) {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  fs.writeFileSync(path.join(root, name), name)
}
const walk = (folder) => fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => entry.isDirectory() ? walk(path.join(folder, entry.name)) : [path.relative(root, path.join(folder, entry.name))])
console.log(walk(root))
fs.rmSync(root, { recursive: true, force: true })
