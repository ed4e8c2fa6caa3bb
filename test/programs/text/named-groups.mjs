const { groups } = /(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)/u.exec('due 2026-10-05 at noon')
console.log({ ...groups }, 'a-b_c d'.split(/[-_ ]/), 'x'.padStart(3, 'ab'), 'aXbX'.replaceAll('X', '$$'))
