import { readFileSync, writeFileSync, rmSync } from 'node:fs'
const file = `${process.env.DATA}/bytes.bin`
writeFileSync(file, Uint8Array.from({ length: 16 }, (_, i) => i * 16))
const bytes = readFileSync(file)
console.log(bytes.readUInt32BE(0).toString(16), bytes.readInt16LE(14), bytes.subarray(4, 8))
rmSync(file)
