// Thrift Compact as a payload codec. Kitex speaks none of it; Apache's servers and clients do.

import type { CodecOptions, PayloadCodec } from '../codec.ts'
import { compactForm } from './compact/form.ts'
import { createThriftCodec } from './payload-codec.ts'

/** Makes the codec. Without `readFile` a body that names a file is refused: bytes from a peer must never open files. */
export const createThriftCompact = (options: CodecOptions = {}): PayloadCodec => createThriftCodec(compactForm, options)
