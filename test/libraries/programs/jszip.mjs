import JSZip from 'jszip'

const zip = new JSZip()
zip.file('hello.txt', 'hello '.repeat(50))
zip.folder('sub').file('data.bin', new Uint8Array([0, 1, 254, 255]))
const bytes = await zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' })
const again = await JSZip.loadAsync(bytes)
export default { names: Object.keys(again.files), text: (await again.file('hello.txt').async('string')).length, data: [...(await again.file('sub/data.bin').async('uint8array'))], base64: await again.file('sub/data.bin').async('base64'), small: bytes.length < 500 }
