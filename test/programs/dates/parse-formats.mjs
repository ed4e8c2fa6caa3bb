for (const text of ['2026-10-05', '2026-10-05T10:00', 'Mon, 05 Oct 2026 10:00:00 GMT', '10/05/2026', 'nonsense']) {
  const date = new Date(text)
  console.log(text, Number.isNaN(date.getTime()) ? 'invalid' : date.toISOString())
}
