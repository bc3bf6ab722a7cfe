// From an empty window to a reply without any demo: an IDL opened by the dialog, a mock started from it, a call to that mock, its hit.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { Workbench } from '../pages/workbench.ts'
import { launchKite } from '../support/launch.ts'

const idl = `/** Greets. */
enum Tone { PLAIN = 1, WARM = 2 }
struct HelloRequest { 1: required i64 id  2: Tone tone }
struct HelloReply { 1: string text  2: Tone tone  3: i64 id }
service HelloService { HelloReply Hello(1: HelloRequest req) }
`

test('an IDL is opened, mocked and called', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kite-idl-'))
  const file = join(folder, 'hello.thrift')
  writeFileSync(file, idl)
  const kite = await launchKite()
  const bench = new Workbench(kite.window)
  await bench.ready()

  await kite.app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
  }, file)
  await kite.window.getByRole('main').getByRole('listitem').getByRole('button', { name: 'Open IDL' }).click()
  await expect(bench.services.getByRole('row')).toHaveText([/HelloService/, /Hello/])

  await bench.show('mocks')
  await bench.button('Start mock').click()
  const address = kite.window.getByRole('button', { name: /^127\.0\.0\.1:\d+$/ })
  await expect(address).toBeVisible()
  const where = (await address.textContent()) ?? ''

  await bench.show('calls')
  await bench.openMethod('HelloService/Hello')
  await bench.useEndpoint(where)
  await bench.send()
  await expect(bench.reply).toContainText('OK')
  await expect(bench.status).toContainText('1 hit')
  await bench.show('mocks')
  await expect(kite.window.getByRole('treegrid', { name: 'Requests that came in' })).toContainText('HelloService/Hello')
  await bench.button('Stop').click()
  await expect(address).toBeHidden()
  expect(kite.complaints).toEqual([])
  await kite.close()
  rmSync(folder, { recursive: true, force: true })
})

test('completion offers what the IDL has, and a wrong file says where', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kite-idl-'))
  const good = join(folder, 'hello.thrift')
  writeFileSync(good, idl)
  const kite = await launchKite()
  const bench = new Workbench(kite.window)
  await bench.ready()
  const open = async (path: string): Promise<void> => {
    await kite.app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
    }, path)
    await kite.window.keyboard.press('Control+o')
  }
  await open(good)
  await bench.openMethod('HelloService/Hello')
  await bench.typeBody('{ "id": 1, ')
  await kite.window.keyboard.type('"')
  await expect(kite.window.getByRole('option', { name: /tone/ })).toBeVisible()
  await kite.window.keyboard.press('Escape')

  const bad = join(folder, 'bad.thrift')
  writeFileSync(bad, 'struct A { 1: Missing x }\n')
  await open(bad)
  await kite.window.getByRole('button', { name: '1 problem' }).click()
  await expect(kite.window.getByRole('list', { name: 'Problems' })).toContainText('bad.thrift:1:15')
  await kite.close()
  rmSync(folder, { recursive: true, force: true })
})
