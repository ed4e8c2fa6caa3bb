import seedrandom from 'seedrandom'

const random = seedrandom('hello.', { state: true })
const first = [random(), random.quick(), random.int32()]
const again = seedrandom('', { state: random.state() })
export default { first, same: random() === again(), alea: seedrandom.alea('x')(), xor: seedrandom.xor4096('x').double() }
