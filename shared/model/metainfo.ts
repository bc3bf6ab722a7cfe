// Kitex's metainfo (bytedance/gopkg cloud/metainfo) as ordered pairs; repeated keys are kept until the wire merges them.

export type Pair = readonly [key: string, value: string]

export interface Metainfo {
  /** Goes one hop: `RPC_TRANSIT_<key>`. */
  readonly transient: readonly Pair[]
  /** Goes on to the end of the chain: `RPC_PERSIST_<key>`. */
  readonly persistent: readonly Pair[]
}
