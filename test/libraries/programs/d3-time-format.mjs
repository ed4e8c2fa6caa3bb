import { isoFormat, timeFormatLocale, utcFormat, utcParse } from 'd3-time-format'

const day = new Date(Date.UTC(2026, 1, 3, 4, 5, 6, 7))
const de = timeFormatLocale({ dateTime: '%A, der %e. %B %Y, %X', date: '%d.%m.%Y', time: '%H:%M:%S', periods: ['', ''], days: ['Sonntag', 'Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag'], shortDays: ['So', 'Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa'], months: ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'], shortMonths: ['Jan', 'Feb', 'Mrz', 'Apr', 'Mai', 'Jun', 'Jul', 'Aug', 'Sep', 'Okt', 'Nov', 'Dez'] })
export default { text: utcFormat('%A %-d %B %Y, %I:%M:%S.%L %p, week %V, day %j')(day), iso: isoFormat(day), german: de.utcFormat('%c')(day), parsed: utcParse('%d/%m/%y %H.%M')('24/12/26 18.30').toISOString(), wrong: utcParse('%Y')('x') }
