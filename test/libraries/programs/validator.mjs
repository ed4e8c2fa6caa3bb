import validator from 'validator'

export default { email: ['ada@example.test', 'x@', 'a b@c.d'].map((text) => validator.isEmail(text)), url: validator.isURL('https://example.com/a?b#c'), iban: validator.isIBAN('DE89370400440532013000'), card: validator.isCreditCard('4111111111111111'), ip: [4, 6].map((kind) => validator.isIP('::1', kind)), escape: validator.escape('<a href="x">'), normal: validator.normalizeEmail('Some.One+tag@GMAIL.com'), date: validator.isISO8601('2026-02-30', { strict: true }), strong: validator.isStrongPassword('aB3$xyzw') }
