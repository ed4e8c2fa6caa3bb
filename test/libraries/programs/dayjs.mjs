import dayjs from 'dayjs'
import duration from 'dayjs/plugin/duration.js'
import relativeTime from 'dayjs/plugin/relativeTime.js'
import utc from 'dayjs/plugin/utc.js'
import 'dayjs/locale/fr.js'

dayjs.extend(utc)
dayjs.extend(duration)
dayjs.extend(relativeTime)
const day = dayjs.utc('2026-02-28T23:59:58Z')
export default {
  next: day.add(2, 'second').format(),
  end: day.endOf('month').format('YYYY-MM-DD'),
  french: day.locale('fr').format('dddd D MMMM YYYY'),
  span: dayjs.duration({ hours: 30, minutes: 5 }).toISOString(),
  before: dayjs.utc('2026-01-01').from(day),
  diff: dayjs.utc('2027-01-01').diff(day, 'day'),
  invalid: dayjs('nonsense').isValid(),
}
