const rules = new Intl.PluralRules('en', { type: 'ordinal' })
const suffix = { one: 'st', two: 'nd', few: 'rd', other: 'th' }
console.log([1, 2, 3, 4, 11, 21, 102].map((n) => `${n}${suffix[rules.select(n)]}`).join(' '))
