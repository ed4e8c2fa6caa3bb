import iconv from 'iconv-lite'

const bytes = (text, encoding) => [...iconv.encode(text, encoding)]
export default { latin: bytes('é€', 'win1252'), greek: iconv.decode(new Uint8Array([0xe1, 0xe2]), 'iso-8859-7'), sjis: bytes('日本', 'Shift_JIS'), back: iconv.decode(iconv.encode('中文字', 'gbk'), 'gbk'), utf16: iconv.decode(iconv.encode('x\u{1f600}', 'utf16'), 'utf16'), known: [iconv.encodingExists('koi8-r'), iconv.encodingExists('nope')] }
