// What bytes mean: a tree of ranges over one frame, produced by the decoder itself so that the byte view needs no second parse.

/** Byte range `[start, end)` within the frame as sent or received, and what stands there. */
export interface ByteNode {
  readonly start: number
  readonly end: number
  /** Field or part name, such as `frame length`, `header`, `isn`, `user.id`. */
  readonly name: string
  /** `frame`, `header`, `info`, `message`, `field`, `value`, `stop`, `padding`: for colouring. */
  readonly kind: 'frame' | 'header' | 'info' | 'message' | 'field' | 'value' | 'stop' | 'padding' | 'unknown'
  /** Thrift or info type, such as `i64`, `u16`, `string`. */
  readonly type?: string
  /** Field id or info key id. */
  readonly id?: number
  /** Value as text, cut at 200 characters. */
  readonly value?: string
  readonly children?: readonly ByteNode[]
}

/** One frame that went over the wire, with its explanation. */
export interface ByteView {
  readonly direction: 'sent' | 'received'
  /** Attempt number, from 1. */
  readonly attempt: number
  /** Base64 of the bytes, at most 64 KiB of them. */
  readonly base64: string
  /** Full length in bytes, also where `base64` was cut. */
  readonly length: number
  readonly nodes: readonly ByteNode[]
}
