import { addBusinessDays, addMonths, differenceInCalendarDays, eachDayOfInterval, format, formatDistance, formatISO, getISOWeek, isWeekend, parse, parseISO, startOfMonth } from 'date-fns'
import { de } from 'date-fns/locale/de'

const day = parseISO('2026-03-31T10:20:30Z')
export default {
  formatted: format(day, "EEEE, do MMMM yyyy 'at' HH:mm:ss"),
  german: format(day, 'EEEE, d. MMMM yyyy', { locale: de }),
  month: formatISO(addMonths(day, 1), { representation: 'date' }),
  days: differenceInCalendarDays(parseISO('2026-12-24'), day),
  week: getISOWeek(day),
  parsed: parse('02.01.2026', 'dd.MM.yyyy', new Date(0)).toISOString(),
  distance: formatDistance(parseISO('2026-01-01'), day, { addSuffix: true }),
  weekend: eachDayOfInterval({ start: startOfMonth(day), end: day }).filter(isWeekend).length,
  business: formatISO(addBusinessDays(day, 5), { representation: 'date' }),
}
