// Streams as they are driven and shown, in the window and on the command line.
export const stream = {
  'stream.logFailed': 'The stream log cannot be written ({{reason}}): messages are counted and not kept from here on. Free disk space, then turn off counting only.',
  'stream.notRunning': 'The stream is over or unknown, nothing can be sent.',
  'stream.unknown': 'The messages of this stream are not kept any more.',
  'stream.sendClosed': 'Sending on this stream has ended.',
  'stream.fileRunning': 'A file is being sent already. Wait for its end or cancel the stream.',
  'stream.fileNotUtf8': 'The file is not UTF-8. Convert it, then send it again.',
  'stream.fileUnreadable': 'The file cannot be read ({{reason}}).',
  'stream.cli.example.file': 'messages from a file, ten a second, and what happens as lines of JSON',
  'stream.cli.example.typed': 'messages as they are typed or piped; Ctrl-D ends sending',
  'stream.cli.flag.stream': 'JSON-RPC: keep the WebSocket open, send what comes in and print what comes back',
  'stream.cli.flag.rate': 'streams: messages a second to send (default: as fast as the peer takes them)',
  'stream.cli.flag.recvTimeout': 'streams: longest wait for the next message (default: none)',
  'stream.cli.flag.limit': 'streams: stop after so many messages received',
  'stream.cli.unreadable': 'kite: message {{number}} cannot be read: {{error}}',
  'stream.cli.halfClose': 'Sending has ended.',
  'stream.cli.stall': 'The peer\'s window was closed for {{ms}} ms.',
} as const
