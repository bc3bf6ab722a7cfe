// Golden trees: what `kite idl tree -o json` prints for whole files, kept as text so that a change of shape is seen in review.
// After a wanted change: `npx vitest run -u` on this file, and read the difference.

import { expect, it } from 'vitest'
import { loadIdl } from '../../../../src-main/engine/idl/load.ts'
import { stringifyExact } from '../../../../shared/logic/json/write.ts'

it.each([
  ['shop', 'test/fixtures/idl/shop/user.thrift'],
  ['everything', 'test/fixtures/idl/everything.thrift'],
])('keeps the tree of %s', async (name, path) => {
  const { files, diagnostics } = await loadIdl({ paths: [path] })
  expect(diagnostics).toEqual([])
  await expect(`${stringifyExact({ files }, 2)}\n`).toMatchFileSnapshot(`../../../golden/idl/${name}.tree.json`)
})
