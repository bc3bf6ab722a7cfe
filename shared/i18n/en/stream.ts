// Streams as they are driven and shown, in the window and on the command line.
export const stream = {
  'stream.logFailed': 'The stream log cannot be written ({{reason}}): messages are counted and not kept from here on. Free disk space, then turn off counting only.',
  'stream.notRunning': 'The stream is over or unknown, nothing can be sent.',
  'stream.unknown': 'The messages of this stream are not kept any more.',
  'stream.sendClosed': 'Sending on this stream has ended.',
  'stream.fileRunning': 'A file is being sent already. Wait for its end or cancel the stream.',
  'stream.fileNotUtf8': 'The file is not UTF-8. Convert it, then send it again.',
  'stream.fileUnreadable': 'The file cannot be read ({{reason}}).',
} as const
