// `npm run build [-- part …] [-- --force]`.

import { allParts, build } from '../build.js'

export async function run(args) {
  const names = args.filter((arg) => allParts.includes(arg))
  await build(names.length === 0 ? allParts : names, { force: args.includes('--force') })
}
