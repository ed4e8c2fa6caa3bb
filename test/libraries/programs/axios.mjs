import axios from 'axios'

const client = axios.create({
  baseURL: 'https://api.example.test',
  adapter: async (config) => ({ data: JSON.stringify({ url: axios.getUri(config), method: config.method, body: config.data ?? null, type: config.headers.getContentType() ?? null }), status: 200, statusText: 'OK', headers: {}, config }),
})
client.interceptors.request.use((config) => {
  config.headers.set('X-Token', 't')
  return config
})
const { data } = await client.get('/people', { params: { page: 2, tags: ['a', 'b'] } })
const posted = await client.post('/people', { name: 'Ada' })
export default { data, posted: posted.data, token: posted.config.headers.get('x-token'), cancelled: axios.isCancel(new axios.Cancel('x')) }
