const url = new URL('/people', process.env.ORIGIN)
url.searchParams.set('team', 'north')
const people = await (await fetch(url)).json()
export default people.map(({ name }) => name)
