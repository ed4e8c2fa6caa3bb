import { customAlphabet, customRandom, nanoid, urlAlphabet } from 'nanoid'

const hex = customAlphabet('0123456789abcdef', 12)
export default { length: nanoid().length, shape: /^[\w-]{10}$/.test(nanoid(10)), hex: /^[0-9a-f]{12}$/.test(hex()), many: new Set(Array.from({ length: 200 }, () => nanoid())).size, fixed: customRandom(urlAlphabet, 8, (size) => new Uint8Array(size).map((_, i) => i * 7))() }
