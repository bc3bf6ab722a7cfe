// Apache Thrift's own server and client for Node, over code that Apache's own compiler generated: `serve` prints its ports, `call` makes
// calls and prints what came. Run with NODE_PATH at the packages and the folder of the generated code as first argument.

const { join } = require('node:path')
const thrift = require('thrift')

const [, , generated, mode, address, transportName, protocolName] = process.argv
const Apache = require(join(generated, 'Apache.js'))
const types = require(join(generated, 'apache_types.js'))
const transports = { framed: thrift.TFramedTransport, buffered: thrift.TBufferedTransport }
const protocols = { binary: thrift.TBinaryProtocol, compact: thrift.TCompactProtocol }
const big = (value) => value.buffer.readBigInt64BE(value.offset)
const int64 = (value) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return new thrift.Int64(bytes)
}

const fired = []
const handler = {
  Echo: (all) => Promise.resolve(all),
  Add: (a, b) => Promise.resolve(int64(big(a) + big(b))),
  Nothing: () => Promise.resolve(),
  Throw: (code) => (code === 0 ? Promise.resolve('nothing thrown') : Promise.reject(new types.Oops({ code, why: 'asked for' }))),
  Fail: () => Promise.reject(new Error('plain failure')),
  Fire: (msg) => { fired.push(msg) },
  Fired: () => Promise.resolve(fired),
  Sleep: (ms) => new Promise((resolve) => { setTimeout(() => resolve(ms), ms) }),
}

const listening = (server) => new Promise((resolve, reject) => {
  server.on('error', reject)
  server.listen(0, '127.0.0.1', () => resolve(server.address().port))
})

const listen = (transport, protocol) => listening(thrift.createServer(Apache, handler, { transport: transports[transport], protocol: protocols[protocol] }))

// One service on two paths; what is posted to another one is refused.
const listenHttp = () => listening(thrift.createWebServer({
  services: Object.fromEntries(Object.entries(protocols).map(([name, protocol]) => [`/${name}`, { transport: thrift.TBufferedTransport, protocol, processor: Apache, handler }])),
}))

async function serve() {
  const ports = { http: await listenHttp() }
  for (const transport of Object.keys(transports)) for (const protocol of Object.keys(protocols)) ports[`${transport} ${protocol}`] = await listen(transport, protocol)
  process.stdout.write(`${JSON.stringify({ ports })}\n`)
  process.stdin.on('end', () => process.exit(0)).resume()
}

async function call() {
  const [host, port] = address.split(':')
  const connection = thrift.createConnection(host, Number(port), { transport: transports[transportName], protocol: protocols[protocolName] })
  const client = thrift.createClient(Apache, connection)
  const told = async (work) => {
    try {
      const value = await work()
      return { ok: value instanceof thrift.Int64 ? String(big(value)) : value ?? null }
    } catch (error) {
      return { error: error instanceof types.Oops ? 'Oops' : error.constructor.name, code: error.code, why: error.why, type: error.type, message: error.message }
    }
  }
  const results = {
    add: await told(() => client.Add(int64(9007199254740993n), int64(1n))),
    nothing: await told(() => client.Nothing()),
    thrown: await told(() => client.Throw(7)),
    failed: await told(() => client.Fail()),
  }
  process.stdout.write(`${JSON.stringify(results)}\n`)
  connection.end()
}

void (mode === 'serve' ? serve() : call())
