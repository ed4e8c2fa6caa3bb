import bcrypt from 'bcryptjs'

const hash = bcrypt.hashSync('secret', '$2b$04$abcdefghijklmnopqrstuu')
export default { hash, same: await bcrypt.compare('secret', hash), other: bcrypt.compareSync('wrong', hash), rounds: bcrypt.getRounds(hash), salt: bcrypt.genSaltSync(4).length }
