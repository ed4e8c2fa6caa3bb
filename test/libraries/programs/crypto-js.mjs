import CryptoJS from 'crypto-js'

const key = CryptoJS.enc.Hex.parse('000102030405060708090a0b0c0d0e0f')
const iv = CryptoJS.enc.Hex.parse('101112131415161718191a1b1c1d1e1f')
const encrypted = CryptoJS.AES.encrypt('secret text', key, { iv }).toString()
export default { md5: CryptoJS.MD5('x').toString(), sha: CryptoJS.SHA256('x').toString(CryptoJS.enc.Base64), hmac: CryptoJS.HmacSHA1('x', 'k').toString(), encrypted, back: CryptoJS.AES.decrypt(encrypted, key, { iv }).toString(CryptoJS.enc.Utf8), derived: CryptoJS.PBKDF2('p', 's', { keySize: 4, iterations: 20 }).toString() }
