import { SignJWT, base64url, decodeProtectedHeader, jwtVerify } from 'jose'

const key = new TextEncoder().encode('a secret of thirty-two bytes, yes')
const token = await new SignJWT({ role: 'reader' }).setProtectedHeader({ alg: 'HS256' }).setSubject('ada').setIssuedAt(1_790_000_000).setExpirationTime(4_000_000_000).sign(key)
const { payload } = await jwtVerify(token, key)
export default { token, payload, header: decodeProtectedHeader(token), forged: await jwtVerify(`${token.slice(0, -4)}AAAA`, key).catch(({ code }) => code), bytes: base64url.encode(new Uint8Array([1, 2, 250])) }
