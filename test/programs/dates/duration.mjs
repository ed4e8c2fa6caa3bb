const pretty = (ms) => [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'm'], [1000, 's']].reduce(([rest, out], [unit, name]) => [rest % unit, Math.floor(rest / unit) ? `${out} ${Math.floor(rest / unit)}${name}` : out], [ms, ''])[1].trim()
console.log(pretty(93_784_000), pretty(61_000))
