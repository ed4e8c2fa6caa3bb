const date = new Date('2026-02-28T23:30:00Z')
date.setUTCDate(date.getUTCDate() + 1)
console.log(date.toISOString(), date.getTime(), JSON.stringify({ date }), date)
