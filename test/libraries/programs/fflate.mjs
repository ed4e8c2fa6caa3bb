import { Unzip, UnzipInflate, decompressSync, gzipSync, strFromU8, strToU8, unzipSync, zipSync } from 'fflate'

const zipped = zipSync({ 'a.txt': strToU8('first'), dir: { 'b.txt': [strToU8('second '.repeat(20)), { level: 9 }] } }, { mtime: Date.UTC(2026, 0, 1) })
const names = []
const unzip = new Unzip((file) => names.push(file.name))
unzip.register(UnzipInflate)
unzip.push(zipped, true)
export default { files: Object.entries(unzipSync(zipped)).map(([name, data]) => [name, strFromU8(data).length]), names, gzip: strFromU8(decompressSync(gzipSync(strToU8('héllo')))), size: zipped.length }
