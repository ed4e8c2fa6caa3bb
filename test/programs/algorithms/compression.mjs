import { gunzipSync, gzipSync } from 'node:zlib'
const packed = gzipSync('tea '.repeat(200))
console.log(packed.length < 100, gunzipSync(packed).toString().length)
