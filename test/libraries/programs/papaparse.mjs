import Papa from 'papaparse'

const text = 'name,sum,note\r\n"Quill, Ada",12.5,"said ""hi"""\r\nBo,7,\r\n'
const rows = []
Papa.parse(text, { header: true, step: ({ data }) => rows.push(data.name) })
export default {
  parsed: Papa.parse(text, { header: true, dynamicTyping: true, skipEmptyLines: true }),
  guessed: Papa.parse('a;b\n1;2').meta.delimiter,
  rows,
  unparsed: Papa.unparse([{ a: 1, b: 'x,y' }, { a: null, b: 'z' }]),
  broken: Papa.parse('a,b\n"1,2').errors.map(({ code }) => code),
}
