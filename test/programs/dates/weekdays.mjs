const week = Array.from({ length: 7 }, (_, i) => new Date(Date.UTC(2026, 9, 5 + i)))
console.log(week.map((day) => day.toLocaleDateString('en-US', { weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' })))
