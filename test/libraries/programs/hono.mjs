import { Hono } from 'hono'

const app = new Hono()
app.use('*', async (context, next) => {
  await next()
  context.header('x-seen', 'yes')
})
app.get('/people/:id', (context) => context.json({ id: context.req.param('id'), page: context.req.query('page') }))
app.post('/echo', async (context) => context.text((await context.req.json()).text, 201))
const one = await app.request('/people/7?page=2')
const echo = await app.request('/echo', { method: 'POST', body: JSON.stringify({ text: 'hi' }), headers: { 'content-type': 'application/json' } })
export default { one: await one.json(), seen: one.headers.get('x-seen'), echo: [echo.status, await echo.text()], missing: (await app.request('/nope')).status }
