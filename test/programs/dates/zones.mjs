const instant = new Date('2026-07-01T12:00:00Z')
for (const timeZone of ['America/New_York', 'Europe/Berlin', 'Asia/Tokyo']) console.log(timeZone, instant.toLocaleTimeString('en-GB', { timeZone }))
