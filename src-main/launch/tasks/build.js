// `npm run build [-- part …] [-- --force]`.

import { allParts, build } from '../build.js'
import { ensureDependencies } from '../install.js'

export async function run(args) {
  await ensureDependencies()
  const names = args.filter((arg) => allParts.includes(arg))
  await build(names.length === 0 ? allParts : names, { force: args.includes('--force') })
}
