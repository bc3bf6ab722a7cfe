// Numbers of HTTP/2 that both directions need: frame types, flags, settings and error codes (RFC 9113 sections 6 and 7).

/** What a client sends before its first frame (RFC 9113 3.4). */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

export const frameHeadBytes = 9

/** Both the smallest that SETTINGS_MAX_FRAME_SIZE may be and what holds until it is said (RFC 9113 6.5.2). */
export const defaultMaxFrameSize = 16_384

/** What holds for every stream, and for the connection, until settings say otherwise (RFC 9113 6.9.2). */
export const defaultWindow = 65_535

export const maxWindow = 0x7fffffff

export const frameType = { data: 0, headers: 1, priority: 2, rstStream: 3, settings: 4, pushPromise: 5, ping: 6, goaway: 7, windowUpdate: 8, continuation: 9 } as const

const frameNames = ['DATA', 'HEADERS', 'PRIORITY', 'RST_STREAM', 'SETTINGS', 'PUSH_PROMISE', 'PING', 'GOAWAY', 'WINDOW_UPDATE', 'CONTINUATION']

/** `HEADERS`, or `type 10` of an extension. */
export const frameName = (type: number): string => frameNames[type] ?? `type ${type}`

/** END_STREAM and ACK share a bit: no frame has both. */
export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const

export const setting = { headerTableSize: 1, enablePush: 2, maxConcurrentStreams: 3, initialWindowSize: 4, maxFrameSize: 5, maxHeaderListSize: 6 } as const

const settingNames = ['', 'HEADER_TABLE_SIZE', 'ENABLE_PUSH', 'MAX_CONCURRENT_STREAMS', 'INITIAL_WINDOW_SIZE', 'MAX_FRAME_SIZE', 'MAX_HEADER_LIST_SIZE']

/** `INITIAL_WINDOW_SIZE`, or `setting 9`. */
export const settingName = (id: number): string => settingNames[id] ?? `setting ${id}`

export const errorCode = {
  noError: 0, protocolError: 1, internalError: 2, flowControlError: 3, settingsTimeout: 4, streamClosed: 5, frameSizeError: 6, refusedStream: 7,
  cancel: 8, compressionError: 9, connectError: 10, enhanceYourCalm: 11, inadequateSecurity: 12, http11Required: 13,
} as const

const errorNames = [
  'NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED', 'FRAME_SIZE_ERROR', 'REFUSED_STREAM',
  'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM', 'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED',
]

/** `CANCEL`, or the number of an unknown one. */
export const errorName = (code: number): string => errorNames[code] ?? `0x${code.toString(16)}`
