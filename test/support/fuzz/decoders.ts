// Every decoder that reads what somebody else wrote, by name: one table for the unit tests (20,000 inputs each) and the bench (1,000,000 each).

import { codecDecoders } from './codec-decoders.ts'
import type { FuzzDecoder } from './decoder.ts'
import { frameDecoders } from './frame-decoders.ts'
import { grpcDecoders } from './grpc-decoder.ts'
import { httpDecoders } from './http-decoders.ts'
import { idlDecoders } from './idl-decoders.ts'

/** Made when it is asked for: some load an IDL or a WebAssembly module. */
export const decoders: Readonly<Record<string, () => Promise<FuzzDecoder>>> = { ...codecDecoders, ...frameDecoders, ...grpcDecoders, ...httpDecoders, ...idlDecoders }
