import { autoType, csvFormat, csvParse, dsvFormat, tsvParseRows } from 'd3-dsv'

export default { parsed: csvParse('a,b,c\n1,true,2026-01-02\n,"x,y",NaN\n', autoType), columns: csvParse('x,y\n1,2').columns, rows: tsvParseRows('1\t2\n3\t4', (row) => row.map(Number)), text: csvFormat([{ a: 'x"y', b: 1 }, { b: 2 }]), pipes: dsvFormat('|').parse('a|b\n1|2')[0] }
