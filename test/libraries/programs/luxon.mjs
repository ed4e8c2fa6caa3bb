import { DateTime, Duration, Interval } from 'luxon'

const day = DateTime.fromISO('2026-03-29T01:30:00Z', { zone: 'utc' })
export default {
  plus: day.plus({ months: 1, days: 2 }).toISO(), iso: day.toISOWeekDate(), format: day.toFormat('yyyy LLL dd, HH:mm'), rfc: day.toRFC2822(), week: day.startOf('week').toISODate(),
  parsed: DateTime.fromFormat('24.12.2026 18:30', 'dd.MM.yyyy HH:mm', { zone: 'utc' }).toISO(), span: Duration.fromObject({ hours: 50, minutes: 90 }).shiftTo('days', 'hours', 'minutes').toObject(),
  days: Interval.fromDateTimes(day, day.plus({ days: 10 })).length('days'), offset: DateTime.fromISO('2026-01-01T00:00:00', { setZone: true, zone: 'UTC+3' }).toISO(), invalid: DateTime.fromISO('2026-13-01').invalidReason,
}
