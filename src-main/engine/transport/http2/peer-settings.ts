// What the server said of itself in SETTINGS (RFC 9113 6.5.2), with the values that hold until it did.

import { defaultMaxFrameSize, defaultWindow, errorCode, frameType, maxWindow, setting, settingName } from './constants.ts'
import { Violation } from './errors.ts'

export class PeerSettings {
  /** Until a server says otherwise gRPC clients assume 100; so do we (RFC 9113 recommends no fewer). */
  maxConcurrentStreams = 100
  initialWindowSize = defaultWindow
  maxFrameSize = defaultMaxFrameSize
  headerTableSize = 4096

  /** Reads a SETTINGS payload. Throws Violation for a value that may not be. */
  read(bytes: Buffer, start: number, end: number, first: boolean, offset: number): void {
    // A server that names no bound has none.
    if (first) this.maxConcurrentStreams = maxWindow
    for (let at = start; at + 6 <= end; at += 6) this.#set(bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2), offset)
  }

  #set(id: number, value: number, offset: number): void {
    const refuse = (code: number): never => {
      throw new Violation(code, 'http2.settingValue', { setting: settingName(id), value }, { type: frameType.settings, offset })
    }
    switch (id) {
      case setting.headerTableSize:
        this.headerTableSize = value
        break
      case setting.enablePush:
        if (value > 1) refuse(errorCode.protocolError)
        break
      case setting.maxConcurrentStreams:
        this.maxConcurrentStreams = value
        break
      case setting.initialWindowSize:
        if (value > maxWindow) refuse(errorCode.flowControlError)
        this.initialWindowSize = value
        break
      case setting.maxFrameSize:
        if (value < defaultMaxFrameSize || value > 0xffffff) refuse(errorCode.protocolError)
        this.maxFrameSize = value
        break
      default:
        // Unknown ones are ignored (RFC 9113 6.5.2).
    }
  }
}
