import { createHash, createHmac } from 'node:crypto'
console.log(createHash('sha256').update('abc').digest('hex'), createHash('md5').update('tea').digest('base64'), createHmac('sha256', 'key').update('data').digest('hex'))
