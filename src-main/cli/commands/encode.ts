// `kite encode`: JSON to the bytes of a type, for scripts, fixtures and doubts about what is really sent.

import { inFile, textOf } from '../body-text.ts'
import { withCodecFlags, codecAliases, loadIdl, readInput, tell, withEngine, type CodecFlags } from '../codec-flags.ts'
import { words, type CommandModule, type Host } from '../command.ts'
import { usage } from '../usage.ts'

export const command: CommandModule = {
  examples: [
    { line: `echo '{"id": 1}' | kite encode --idl user.thrift --type User --hex`, says: 'codec.cli.example.encode' },
    { line: 'kite encode --idl user.thrift --type UserService/GetUser#args -f body.json > args.bin', says: 'codec.cli.example.encodeArgs' },
  ],
  aliases: codecAliases,
  register(command, host) {
    withCodecFlags(command)
      .option('--hex', words('codec.cli.flag.hexOut'))
      .action((flags: CodecFlags) => encode(flags, host))
  },
}

async function encode(flags: CodecFlags, host: Host): Promise<void> {
  const { type } = flags
  if (flags.idl.length === 0 || type === undefined) throw usage('codec.cli.needsIdlAndType', {}, { key: 'cli.seeHelp', params: { line: 'kite help encode' } })
  await withEngine(async (engine) => {
    const idl = await loadIdl(engine, flags, host)
    const body = textOf(await readInput(flags, host), flags.file)
    const { bytes, warnings } = await engine.codec.encode(idl, type, body, flags.codec).catch((caught: unknown) => {
      throw inFile(caught, flags.file)
    })
    if (host.output !== 'text') await host.json({ type, length: bytes.length, hex: bytes.toString('hex'), base64: bytes.toString('base64') })
    else if (flags.hex === true) await host.line(bytes.toString('hex'))
    else await host.write(bytes)
    await tell(warnings, host)
  })
}
