// A whole Bluesky on loopback: PLC directory, PDS and AppView. Prints its addresses as one JSON line, ends on SIGTERM.
import { TestNetwork } from '@atproto/dev-env'

const [plc, pds, bsky] = process.argv.slice(2).map(Number)
const network = await TestNetwork.create({
  dbPostgresSchema: 'earshot',
  plc: { port: plc },
  pds: { port: pds, hostname: 'localhost', rateLimitsEnabled: true },
  bsky: { port: bsky, publicUrl: `http://localhost:${bsky}` },
})
console.log(JSON.stringify({ plc: network.plc.url, pds: network.pds.url, appview: network.bsky.url }))
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await network.close().catch(() => {})
    process.exit(0)
  })
}
