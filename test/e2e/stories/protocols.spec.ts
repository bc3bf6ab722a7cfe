// A server that is not Kitex: what its port speaks is asked and taken over, gRPC is called with an error's details, TLS is refused until its
// authority is named, plain HTTP needs no IDL, and an IDL comes from the server itself. Against grpc-js and Node's own HTTP server.

import { readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, type Locator } from '@playwright/test'
import { axeFindings } from '../pages/axe.ts'
import { Workbench } from '../pages/workbench.ts'
import { launchKite, type Kite } from '../support/launch.ts'
import { makeWorkspace } from '../support/workspace.ts'
import { makeCertificates, type Certificates } from '../../support/peers/certificates.ts'
import { missingOrder, ordersProto, startOrdersServer, type OrdersServer } from '../../support/peers/grpc-js-orders.ts'

test.describe.configure({ mode: 'serial' })

let folder: string
let certificates: Certificates
let orders: OrdersServer
let reflecting: OrdersServer
let web: Server
let kite: Kite
let bench: Workbench

test.beforeAll(async () => {
  folder = makeWorkspace('protocols', { 'orders.proto': readFileSync(ordersProto), 'echo.thrift': 'service Echo { string Say(1: string text) oneway void Tell(1: string text) }' })
  certificates = await makeCertificates(folder)
  orders = await startOrdersServer({ certificate: certificates })
  reflecting = await startOrdersServer({ reflects: true })
  web = await startWeb()
  kite = await launchKite({ args: [folder] })
  bench = new Workbench(kite.window)
  await bench.ready()
})
test.afterAll(async () => {
  await kite.close()
  for (const server of [orders, reflecting]) server.close()
  web.close()
  rmSync(folder, { recursive: true })
})

/** JSON, a page, nothing, and 404 as a page. */
function startWeb(): Promise<Server> {
  const server = createServer(({ url }, reply) => {
    if (url === '/json') reply.setHeader('content-type', 'application/json').end('{"id":9007199254740993}')
    else if (url === '/page') reply.setHeader('content-type', 'text/html').end('<h1>Hello</h1>\n<p class="x">It works</p>\n')
    else if (url === '/nothing') reply.writeHead(204).end()
    else reply.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Nothing here</h1>')
  })
  return new Promise((done) => { server.listen(0, '127.0.0.1', () => done(server)) })
}
const webAddress = (): string => `127.0.0.1:${(web.address() as AddressInfo).port}`

const toolbar = (): Locator => kite.window.getByRole('toolbar', { name: bench.words.t('app.target') })
const transport = (): Locator => toolbar().getByRole('button', { name: /^Transport/ })
const probe = (): Locator => toolbar().getByRole('button', { name: 'Ask the port what it speaks' })
const answer = (): Locator => kite.window.getByRole('region', { name: 'What the port speaks' })
const requestTab = (name: string | RegExp): Promise<void> => bench.request.getByRole('tab', { name }).click()
async function offered(): Promise<readonly string[]> {
  await transport().click()
  const found = await kite.window.getByRole('listbox', { name: 'Transport' }).getByRole('option').allInnerTexts()
  await kite.window.keyboard.press('Escape')
  await expect(transport()).toBeFocused()
  return found.map((text) => text.replace(/\s+/g, ' ').replace(' ✓', '').trim())
}

test('a gRPC method is called, and auto says what it found', async () => {
  await bench.openMethod('Orders/Get')
  await bench.useEndpoint(orders.address)
  await bench.typeBody('{"orderId": "9007199254740993"}')
  await bench.send()
  await expect(bench.reply).toContainText('9007199254740993')
  await expect(bench.reply).toContainText('2024-01-31T12:30:00Z')
  await expect(transport()).toContainText('auto · gRPC')
  await bench.reply.getByRole('tab', { name: 'Metainfo' }).click()
  await expect(bench.reply).toContainText('x-shelf')
  await bench.reply.getByRole('tab', { name: 'Reply' }).click()
})

test('an error comes with its details in words', async () => {
  await bench.typeBody(`{"orderId": ${missingOrder}}`)
  await bench.send()
  await expect(bench.reply.getByRole('alert')).toContainText('The server answered with status 5 NOT_FOUND: no order 404')
  await expect(bench.reply).toContainText('NO_SUCH_ORDER')
  await expect(bench.reply).toContainText('type.googleapis.com/google.rpc.ErrorInfo')
  for (const theme of ['light', 'dark'] as const) {
    await bench.useTheme(theme)
    expect.soft(await axeFindings(kite.window)).toEqual([])
  }
})

test('HTTP/2 frames are explained byte by byte', async () => {
  await bench.reply.getByRole('tab', { name: 'Bytes' }).click()
  const layers = bench.reply.getByRole('treegrid', { name: 'Layers' })
  await expect(layers).toContainText('HEADERS')
  await layers.getByRole('row').filter({ hasText: 'type' }).first().click()
  await expect(bench.reply.getByRole('region', { name: 'Bytes in hex' }).locator('.hex-marked').first()).toHaveText('01')
  expect.soft(await axeFindings(kite.window)).toEqual([])
  await bench.reply.getByRole('tab', { name: 'Reply' }).click()
})

test('only what can carry a method is offered, the usual first', async () => {
  expect((await offered()).slice(0, 3)).toEqual(['auto asks the port, else gRPC', 'gRPC Protobuf', 'gRPC JSON'])
  await bench.openMethod('Orders/Watch')
  expect(await offered()).toEqual(['auto asks the port, else gRPC', 'gRPC Protobuf', 'gRPC JSON', 'gRPC-Web Protobuf', 'gRPC-Web JSON', 'Connect Protobuf', 'Connect JSON'])
  await requestTab('Policy')
  await expect(bench.request.getByRole('checkbox', { name: 'Retry on failure' })).toBeDisabled()
  await expect(bench.request).toContainText('Streams are not retried')
  await requestTab('Body')
  await bench.openMethod('Echo/Tell')
  expect(await offered()).not.toContain('gRPC Thrift Binary')
})

test('the port is asked what it speaks, and the answer is taken over', async () => {
  await bench.openMethod('Orders/Get')
  await transport().click()
  await kite.window.getByRole('option', { name: 'Connect Protobuf' }).click()
  await expect(transport()).toContainText('Connect')
  await probe().click()
  await expect(answer()).toContainText('gRPC')
  await expect(answer().getByText('HTTP/2', { exact: true })).toBeVisible()
  expect.soft(await axeFindings(kite.window)).toEqual([])
  await kite.window.keyboard.press('Escape')
  await expect(answer()).toHaveCount(0)
  await expect(probe()).toBeFocused()
  await kite.window.keyboard.press('Enter')
  await answer().getByRole('button', { name: 'Use gRPC' }).click()
  await expect(transport()).toContainText('gRPC')
  await expect(answer()).toHaveCount(0)
})

test('a port where nobody listens is said to be one', async () => {
  await bench.useEndpoint('127.0.0.1:1')
  await probe().click()
  await expect(answer().getByRole('alert')).toContainText('nothing listens on 127.0.0.1:1')
  await expect(answer().getByRole('button', { name: /^Use/ })).toHaveCount(0)
  await kite.window.keyboard.press('Escape')
})

test('TLS is found, and refused until its authority is named', async () => {
  await bench.useEndpoint(orders.tls)
  await probe().click()
  await answer().getByRole('button', { name: 'Use gRPC · TLS' }).click()
  await bench.typeBody('{"orderId": 1}')
  await bench.send()
  await expect(bench.reply.getByRole('alert')).toContainText(/certificate of 127\.0\.0\.1:\d+ is signed by an authority that is not trusted/)
  await expect(bench.reply.getByRole('alert')).toContainText('Name the certificate of that authority under Connection')
  await requestTab(/^Connection/)
  await bench.request.getByRole('textbox', { name: 'Authorities' }).fill(certificates.ca)
  expect.soft(await axeFindings(kite.window)).toEqual([])
  await bench.send()
  await expect(bench.reply).toContainText('"customer": "Ada"')
  await expect(bench.reply.getByRole('alert')).toHaveCount(0)
})

test('what a method is made of is told in the words of its language', async () => {
  await requestTab('Docs')
  await expect(bench.request).toContainText('rpc Get(GetRequest) returns (Order)')
  for (const part of ['message Order', 'JSON orderId', 'oneof by', 'map<string, int32>', 'google.protobuf.Timestamp', 'Who ordered, by name.']) await expect(bench.request).toContainText(part)
  await requestTab('Body')
})

test('an HTTP request needs no IDL, and its reply is shown as what it is', async () => {
  await kite.window.keyboard.press('Control+k')
  await kite.window.locator('input[role="combobox"]').fill('New HTTP')
  await kite.window.keyboard.press('Enter')
  await bench.useEndpoint(webAddress())
  const get = async (path: string): Promise<void> => {
    await toolbar().getByRole('textbox', { name: 'Path and query' }).fill(path)
    await bench.send()
  }
  await get('/json')
  await expect(bench.reply).toContainText('9007199254740993')
  await get('/page')
  await expect(bench.reply.locator('.view-line').first()).toHaveText('<h1>Hello</h1>')
  await expect(bench.reply).toContainText('text/html')
  await get('/nothing')
  await expect(bench.reply).toContainText('The reply has no body')
  await get('/nowhere?x=1')
  await expect(bench.reply.getByRole('alert')).toContainText('HTTP 404 Not Found')
  await expect(bench.reply).toContainText('<h1>Nothing here</h1>')
  await expect(bench.panel).toContainText('with HTTP 404 Not Found')
  await expect(bench.history.getByRole('row').filter({ hasText: 'GET /nowhere?x=1' })).toBeVisible()
  expect.soft(await axeFindings(kite.window)).toEqual([])
})

test('a server tells its IDL, and one that cannot is said to be one', async () => {
  await kite.window.keyboard.press('Control+k')
  await kite.window.locator('input[role="combobox"]').fill('Remove the IDL orders.proto')
  await kite.window.keyboard.press('Enter')
  await expect(bench.services.getByRole('row').filter({ hasText: 'Orders' })).toHaveCount(0)
  await kite.window.keyboard.press('Control+k')
  await kite.window.locator('input[role="combobox"]').fill('Ask a gRPC server')
  await kite.window.keyboard.press('Enter')
  const dialog = kite.window.getByRole('dialog', { name: 'Ask a gRPC server for its IDL' })
  await dialog.getByRole('textbox').fill(orders.address)
  await kite.window.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toContainText('The server has no reflection')
  expect.soft(await axeFindings(kite.window)).toEqual([])
  await dialog.getByRole('textbox').fill(`grpcs://${reflecting.address}`)
  await expect(dialog.getByRole('checkbox', { name: 'TLS' })).toBeChecked()
  await kite.window.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toContainText('TLS')
  await dialog.getByRole('checkbox', { name: 'TLS' }).uncheck()
  await dialog.getByRole('button', { name: 'Ask the server' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(bench.services.getByRole('row').filter({ hasText: 'shop.v1.Orders' })).toBeVisible()
  await bench.openMethod('Orders/Get')
  await bench.useEndpoint(reflecting.address)
  // The tab still stands on TLS; what the port says switches it off.
  await probe().click()
  await answer().getByRole('button', { name: 'Use gRPC', exact: true }).click()
  await bench.send()
  await expect(bench.reply).toContainText('"customer": "Ada"')
})

test('nothing complained', () => {
  expect(kite.complaints).toEqual([])
})
