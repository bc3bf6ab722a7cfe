// Thrift Binary as a payload codec.

import type { CodecOptions, PayloadCodec } from '../codec.ts'
import { binaryForm } from './binary-form.ts'
import { createThriftCodec } from './payload-codec.ts'

/** Makes the codec. Without `readFile` a body that names a file is refused: bytes from a peer must never open files. */
export const createThriftBinary = (options: CodecOptions = {}): PayloadCodec => createThriftCodec(binaryForm, options)
