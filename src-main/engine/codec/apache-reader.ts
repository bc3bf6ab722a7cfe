// Reads a message with Apache's `thrift` package into a tree by wire types. The package is loaded when first asked for: nobody else
// should wait for it. It stays outside of bundles, being CommonJS with requires of its own.

/** A value as the package read it: scalars as text, strings and binaries as hex of their bytes. */
export type ApacheValue =
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'elements'; readonly items: readonly ApacheValue[] }
  | { readonly kind: 'struct'; readonly fields: readonly ApacheField[] }

export interface ApacheField {
  readonly id: number
  readonly type: number
  readonly value: ApacheValue
}

export interface ApacheMessage {
  readonly name: string
  readonly type: number
  readonly seqId: number
  readonly fields: readonly ApacheField[]
}

/** The few members of its protocols that are used; the published types lack uuid and call strings buffers. */
interface Protocol {
  readMessageBegin(): { readonly fname: string; readonly mtype: number; readonly rseqid: number }
  readStructBegin(): unknown
  readStructEnd(): void
  readFieldBegin(): { readonly ftype: number; readonly fid: number }
  readMapBegin(): { readonly ktype: number; readonly vtype: number; readonly size: number }
  readListBegin(): { readonly etype: number; readonly size: number }
  readSetBegin(): { readonly etype: number; readonly size: number }
  readBool(): boolean
  /** Ours, where a bool that is an element is read in another way. */
  readElementBool?: () => boolean
  readByte(): number
  readI16(): number
  readI32(): number
  readI64(): { readonly buffer: Buffer; readonly offset: number }
  readDouble(): number
  readBinary(): Buffer
  readUuid(): string
}

const maxDepth = 64

/** A whole message. Throws what the package throws. */
export async function readApache(message: Buffer, isCompact: boolean): Promise<ApacheMessage> {
  const protocol = await protocolOf(message, isCompact)
  const { fname, mtype, rseqid } = protocol.readMessageBegin()
  return { name: fname, type: mtype, seqId: isCompact ? rseqid | 0 : rseqid, fields: readFields(protocol, 1) }
}

/** A struct alone, as messages without a head are. */
export async function readApacheStruct(bytes: Buffer, isCompact: boolean): Promise<readonly ApacheField[]> {
  return readFields(await protocolOf(bytes, isCompact), 1)
}

async function protocolOf(bytes: Buffer, isCompact: boolean): Promise<Protocol> {
  const { default: thrift } = await import('thrift')
  const Form = isCompact ? thrift.TCompactProtocol : thrift.TBinaryProtocol
  const protocol = new Form(new thrift.TFramedTransport(bytes)) as unknown as Protocol
  // In a list the package's Compact takes every bool for false (it asks a number for its member `value`), so its bytes are read instead.
  if (isCompact) protocol.readElementBool = () => protocol.readByte() === 1
  return protocol
}

function readFields(protocol: Protocol, depth: number): readonly ApacheField[] {
  if (depth > maxDepth) throw new Error('Maximum depth exceeded')
  const fields: ApacheField[] = []
  protocol.readStructBegin()
  for (;;) {
    const { ftype, fid } = protocol.readFieldBegin()
    if (ftype === 0) {
      protocol.readStructEnd()
      return fields
    }
    fields.push({ id: fid, type: ftype, value: readValue(protocol, ftype, depth) })
  }
}

const scalar = (value: unknown): ApacheValue => ({ kind: 'scalar', text: Object.is(value, -0) ? '-0' : String(value) })

function readValue(protocol: Protocol, type: number, depth: number): ApacheValue {
  switch (type) {
    case 2:
      return scalar(protocol.readBool())
    case 3:
      return scalar(protocol.readByte())
    case 4:
      return scalar(protocol.readDouble())
    case 6:
      return scalar(protocol.readI16())
    case 8:
      return scalar(protocol.readI32())
    case 10: {
      // The package's Int64 is a slice of bytes; its own conversion to a number would lose digits.
      const { buffer, offset } = protocol.readI64()
      return scalar(buffer.readBigInt64BE(offset))
    }
    case 11:
      return { kind: 'scalar', text: protocol.readBinary().toString('hex') }
    case 12:
      return { kind: 'struct', fields: readFields(protocol, depth + 1) }
    case 13: {
      const { ktype, vtype, size } = protocol.readMapBegin()
      return readElements(protocol, [ktype, vtype], size, depth)
    }
    case 14: {
      const { etype, size } = protocol.readSetBegin()
      return readElements(protocol, [etype], size, depth)
    }
    case 15: {
      const { etype, size } = protocol.readListBegin()
      return readElements(protocol, [etype], size, depth)
    }
    case 16:
      return scalar(protocol.readUuid())
    default:
      throw new Error(`Invalid type: ${type}`)
  }
}

function readElements(protocol: Protocol, types: readonly number[], size: number, depth: number): ApacheValue {
  if (depth > maxDepth) throw new Error('Maximum depth exceeded')
  const items: ApacheValue[] = []
  for (let i = 0; i < size; i++) for (const type of types) items.push(readElement(protocol, type, depth + 1))
  return { kind: 'elements', items }
}

const readElement = (protocol: Protocol, type: number, depth: number): ApacheValue =>
  type === 2 && protocol.readElementBool !== undefined ? scalar(protocol.readElementBool()) : readValue(protocol, type, depth)
