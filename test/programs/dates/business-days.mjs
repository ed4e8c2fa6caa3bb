let count = 0
for (let day = new Date('2026-10-01T00:00Z'); day < new Date('2026-11-01T00:00Z'); day.setUTCDate(day.getUTCDate() + 1)) if (![0, 6].includes(day.getUTCDay())) count++
export default count
