import { minify } from 'terser'

const source = 'function add(first, second) { const unused = 1; if (false) { return 0 } return first + second }\nconsole.log(add(1, 2), `a${1 + 1}`)'
const { code } = await minify(source, { module: true, compress: { passes: 2 } })
const mapped = await minify({ 'a.js': source }, { sourceMap: { filename: 'out.js' }, mangle: false })
export default { code, map: JSON.parse(mapped.map).mappings.length > 10, sources: JSON.parse(mapped.map).sources, broken: await minify('let a = ;').catch(({ name, line }) => [name, line]) }
