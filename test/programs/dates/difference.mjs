const days = (a, b) => Math.round((Date.parse(b) - Date.parse(a)) / 86_400_000)
console.log(days('2026-01-01', '2026-12-31'), days('2024-02-01', '2024-03-01'))
