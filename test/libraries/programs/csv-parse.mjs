import { parse } from 'csv-parse/sync'

let broken
try {
  parse('a,b\n1,2,3')
} catch (error) {
  broken = error.code
}
export default {
  records: parse('id\tname\n1\tAda\n# skipped\n2\t"Bo ""L"""\n', { columns: true, delimiter: '\t', comment: '#', cast: (value, { column }) => (column === 'id' ? Number(value) : value) }),
  rows: parse('a;"b\nc"\n', { delimiter: ';' }),
  broken,
}
