// Task given to the model: "Write the 2015 weather report for Seattle from /data/seattle-weather.csv.
// Compare it with the station's climate normals, mention the holidays, save it under /project/reports, tell #weather."
import { appendFile, readFile, writeFile } from 'node:fs/promises'

interface Day {
  date: string
  precipitation: number
  tempMax: number
  weather: 'drizzle' | 'fog' | 'rain' | 'snow' | 'sun'
}

interface Normals {
  station: string
  requestedBy: string
  months: { month: number; precipitation: number }[]
}

function parseCsv(text: string): Day[] {
  const [, ...rows] = text.trim().split('\n')
  return rows.map((row) => {
    const [date, precipitation, tempMax, , , weather] = row.split(',')
    return { date: date!, precipitation: Number(precipitation), tempMax: Number(tempMax), weather: weather as Day['weather'] }
  })
}

const round = (value: number): number => Math.round(value * 10) / 10

export default async function report(input: { year: number; api: string }) {
  const problems: string[] = []
  const tryTo = async <T>(what: string, act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act()
    } catch (error) {
      const { name, message } = error as Error
      console.warn(`could not ${what}: ${name}`)
      problems.push(message)
      return undefined
    }
  }

  const csv = await readFile('/data/seattle-weather.csv', 'utf8')
  const days = parseCsv(csv).filter(({ date }) => date.startsWith(`${input.year}-`))
  console.log(`${days.length} days of ${input.year}`)

  const response = await fetch(`${input.api}/v1/stations/KSEA/normals`)
  if (!response.ok) throw new Error(`The station API answered ${response.status}`)
  const normals = (await response.json()) as Normals

  const months = Array.from({ length: 12 }, (_, index) => {
    const ofMonth = days.filter(({ date }) => Number(date.slice(5, 7)) === index + 1)
    const rain = round(ofMonth.reduce((sum, { precipitation }) => sum + precipitation, 0))
    const normal = normals.months.find(({ month }) => month === index + 1)!.precipitation
    return { month: index + 1, rain, difference: round(rain - normal) }
  })
  const hottest = days.reduce((best, day) => (day.tempMax > best.tempMax ? day : best))
  const wet = days.filter(({ precipitation }) => precipitation > 0).length

  const holidays = await tools.holidays({ year: input.year })
  const wetHolidays = holidays.filter(({ date }) => (days.find((day) => day.date === date)?.precipitation ?? 0) > 0)

  // The file is a bit untidy: keep a sorted copy beside it for the next time.
  await tryTo('keep a sorted copy', () => writeFile('/data/seattle-weather.sorted.csv', csv.split('\n').sort().join('\n')))
  // The report should name the local time zone.
  const zone = await tryTo('read the time zone', () => readFile('/etc/timezone', 'utf8'))
  // Newer measurements may be online.
  await tryTo('look for newer data', () => fetch('https://weather.example.org/seattle/latest.csv'))

  const lines = [
    `# Seattle, ${input.year}`,
    '',
    `It rained on ${wet} of ${days.length} days.`,
    `The hottest day was ${hottest.date} with ${hottest.tempMax} °C.`,
    `Wet holidays: ${wetHolidays.map(({ name }) => name).join(', ') || 'none'}.`,
    '',
    '| Month | Rain (mm) | Against normal (mm) |',
    '|---|---|---|',
    ...months.map(({ month, rain, difference }) => `| ${month} | ${rain} | ${difference > 0 ? '+' : ''}${difference} |`),
    '',
    `Times are ${zone ?? 'UTC'}. Normals: ${normals.station}, asked for by ${normals.requestedBy}.`,
    '',
  ]
  const path = `/project/reports/seattle-${input.year}.md`
  await writeFile(path, lines.join('\n'))
  await appendFile('/project/reports/index.md', `- [${input.year}](seattle-${input.year}.md)\n`)
  const { id } = await tools.post({ channel: '#weather', text: `The ${input.year} report is ready: ${wet} wet days.` })

  return { path, days: days.length, wet, hottest: hottest.date, wettest: months.reduce((a, b) => (b.rain > a.rain ? b : a)), post: id, problems }
}
