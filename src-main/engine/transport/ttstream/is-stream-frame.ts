// Whether bytes begin with a frame of TTHeader Streaming: by itself, so that whoever asks loads no more than this.

const fixedBytes = 14
const streamingFlag = 0x0002

/** By magic and flag, as Kitex's server detects the protocol (gopkg protocol/ttheader IsStreaming). */
export const isStreamFrame = (bytes: Buffer): boolean => bytes.length >= fixedBytes && bytes.readUInt16BE(4) === 0x1000 && (bytes.readUInt16BE(6) & streamingFlag) !== 0
