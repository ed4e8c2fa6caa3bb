import * as XLSX from 'xlsx'

const sheet = XLSX.utils.json_to_sheet([{ name: 'Ada', sum: 12.5 }, { name: 'Bo', sum: 7 }])
sheet['C1'] = { t: 's', v: 'total' }
sheet['C2'] = { t: 'n', f: 'B2+B3', v: 19.5 }
sheet['!ref'] = 'A1:C3'
const book = XLSX.utils.book_new()
XLSX.utils.book_append_sheet(book, sheet, 'Sums')
const again = XLSX.read(XLSX.write(book, { type: 'array', bookType: 'xlsx' }), { type: 'array' })
export default { names: again.SheetNames, rows: XLSX.utils.sheet_to_json(again.Sheets['Sums']), csv: XLSX.utils.sheet_to_csv(again.Sheets['Sums']), formula: again.Sheets['Sums']['C2'].f, letter: XLSX.utils.encode_cell({ r: 9, c: 27 }) }
