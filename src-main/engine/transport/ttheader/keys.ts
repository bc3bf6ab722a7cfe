// Names of TTHeader's keys, as gopkg protocol/ttheader/metakey.go has them; the explainer shows them, the chain reads them.

/** Keys of the integer info section (0x10). */
export const intKey = {
  meshVersion: 0,
  transportType: 1,
  logId: 2,
  fromService: 3,
  fromCluster: 4,
  fromIdc: 5,
  toService: 6,
  toCluster: 7,
  toIdc: 8,
  toMethod: 9,
  env: 10,
  destAddress: 11,
  rpcTimeout: 12,
  readTimeout: 13,
  ringHashKey: 14,
  ddpTag: 15,
  withMeshHeader: 16,
  connectTimeout: 17,
  spanContext: 18,
  shortConnection: 19,
  fromMethod: 20,
  stressTag: 21,
  msgType: 22,
  httpContentType: 23,
  rawRingHashKey: 24,
  lbType: 25,
  clusterShardId: 26,
  frameType: 27,
} as const

const intKeyNames = new Map<number, string>(Object.entries(intKey).map(([name, id]) => [id, name]))

/** Name of an integer key, or undefined when Kitex has none. */
export const intKeyName = (id: number): string | undefined => intKeyNames.get(id)

/** Keys of the string info section (0x01) that Kitex itself gives a meaning. */
export const stringKey = {
  /** IDL service name, which selects among several services of one server. */
  service: 'isn',
  remoteAddress: 'rip',
  toCluster: 'tc',
  toIdc: 'ti',
  /** "1": the server will close this connection. */
  connectionReset: 'crrst',
  bizStatus: 'biz-status',
  bizMessage: 'biz-message',
  bizExtra: 'biz-extra',
  processAtTime: 'K_ProcessAtTime',
  crc32c: 'crc32c',
  ttstreamCancelPath: 'ttscp',
} as const

/** String keys of a reply that are the framework's own, not backward metainfo of a handler. */
export const frameworkStringKeys: ReadonlySet<string> = new Set([...Object.values(stringKey), 'pcs', 'pce', 'pss', 'prs', 'pre'])

/** Bits of the flags field. Kitex has neither a heartbeat nor a oneway flag. */
export const ttHeaderFlag = { outOfOrder: 0x0001, streaming: 0x0002, duplexReverse: 0x0008, sasl: 0x0010 } as const

/** Protocol ids that Kitex accepts on read; 0x02 (Compact) it refuses. On write it always uses 0. */
export const protocolIdNames: ReadonlyMap<number, string> = new Map([
  [0x00, 'ThriftBinary'],
  [0x02, 'ThriftCompact'],
  [0x03, 'ThriftCompactV2'],
  [0x04, 'KitexProtobuf'],
  [0x10, 'ThriftStruct'],
  [0x11, 'ProtobufStruct'],
])

/** Ids of the info sections. */
export const infoId = { padding: 0x00, strings: 0x01, ints: 0x10, aclToken: 0x11 } as const
