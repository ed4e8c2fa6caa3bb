import minimist from 'minimist'

export default minimist(['-abc', '--name=Ada', '--no-color', '-n', '5', 'file', '--', 'rest'], { string: ['id'], boolean: ['a'], alias: { n: 'count' }, default: { id: '7' } })
