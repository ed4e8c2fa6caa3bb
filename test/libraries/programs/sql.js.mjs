import initSqlJs from 'sql.js/dist/sql-asm.js'

const SQL = await initSqlJs()
const db = new SQL.Database()
db.run('CREATE TABLE t (a INTEGER, b TEXT)')
db.run('INSERT INTO t VALUES (1, ?), (2, ?)', ['x', 'y'])
export default db.exec('SELECT sum(a), group_concat(b) FROM t')
