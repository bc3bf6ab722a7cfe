// kite.js as server and client: `serve`, or `call URL METHOD JSON`.
'use strict'

const net = require('node:net')
const { Kite, KiteServer } = require('kite.js')

const api = {
  square: (x, callback) => callback(null, x * x),
  join: (a, b, callback) => callback(null, [a, b]),
  fail: (callback) => callback({ type: 'argumentError', message: 'asked for', code: 7 }),
  // Calls what it was given three times, then answers.
  count: (options, callback) => {
    for (let n = 1; n <= options.times; n++) options.tick(null, n)
    callback(null, 'counted')
  },
  // Answers first and ticks afterwards.
  subscribe: (tick, callback) => {
    callback(null, 'subscribed')
    let n = 0
    const timer = setInterval(() => {
      tick(null, { n: ++n })
      if (n === 3) clearInterval(timer)
    }, 5)
  },
  silent: () => undefined,
  secret: { auth: true, func: (callback) => callback(null, 'told') },
}

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => resolve(port))
  })
})

const onLoopback = (Server) => class extends Server {
  constructor(options) {
    super({ ...options, hostname: '127.0.0.1' })
  }
}

async function serve() {
  const ports = {}
  for (const [name, Transport, prefix] of [['sockjs', KiteServer.transport.SockJS, 'kite'], ['websocket', KiteServer.transport.WebSocket, '']]) {
    ports[name] = await freePort()
    const server = new KiteServer({ name: 'peer', auth: false, logLevel: 0, prefix, serverClass: onLoopback(Transport), api })
    server.listen(ports[name])
    if (server.server.server.listening === false) await new Promise((resolve) => server.server.server.once('listening', resolve))
  }
  process.stdout.write(`${JSON.stringify({ ports })}\n`)
  process.stdin.resume().on('end', () => process.exit(0))
}

function call(url, method, json) {
  const kite = new Kite({ url, autoReconnect: false, logLevel: 0, ...(url.startsWith('http') ? { transportClass: Kite.transport.SockJS } : {}) })
  const end = (outcome) => {
    process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(0))
  }
  kite.tell(method, JSON.parse(json)).then((result) => end({ result }), (error) => end({ error: { message: error.message, type: error.type, code: error.code } }))
}

const [, , verb, ...rest] = process.argv
if (verb === 'serve') void serve()
else call(...rest)
