const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
console.log(format.format(-1, 'day'), format.format(3, 'week'), format.format(0, 'year'))
