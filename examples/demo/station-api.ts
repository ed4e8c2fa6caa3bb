import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Invented normals: millimetres of precipitation by month. */
const MONTHS = [140, 90, 95, 70, 50, 40, 18, 25, 40, 88, 165, 140].map((precipitation, index) => ({ month: index + 1, precipitation }))

/** An HTTP API on loopback that wants a credential, and unwisely repeats it in its answer. The caller closes it. */
export async function startStationApi(token: string): Promise<{ readonly origin: string; readonly close: () => void }> {
  const server = createServer((request, response) => {
    const { authorization } = request.headers
    const isKnown = request.method === 'GET' && request.url === '/v1/stations/KSEA/normals'
    const status = authorization !== `Bearer ${token}` ? 401 : isKnown ? 200 : 404
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(status === 200 ? { station: 'KSEA', requestedBy: authorization, months: MONTHS } : { error: status }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
