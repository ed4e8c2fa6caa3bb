import moment from 'moment'

const day = moment.utc('2026-02-03T04:05:06Z')
export default { format: day.format('dddd, MMMM Do YYYY, h:mm:ss a'), plus: day.clone().add(1, 'M').subtract(3, 'd').toISOString(), from: moment.utc('2026-01-01').from(day), parsed: moment.utc('24/12/2026', 'DD/MM/YYYY', true).isValid(), diff: moment.utc('2027-01-01').diff(day, 'weeks'), duration: moment.duration(3725, 'seconds').humanize(), end: day.clone().endOf('quarter').format(), calendar: moment.utc('2026-02-02T04:00:00Z').calendar(day) }
