const age = (born, on) => on.getUTCFullYear() - born.getUTCFullYear() - (on.getUTCMonth() < born.getUTCMonth() || (on.getUTCMonth() === born.getUTCMonth() && on.getUTCDate() < born.getUTCDate()) ? 1 : 0)
const on = new Date('2026-10-05')
console.log(['1990-04-12', '1985-12-01', '2001-10-05'].map((text) => age(new Date(text), on)))
