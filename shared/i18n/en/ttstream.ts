// TTHeader Streaming: what a server says of a stream's end, and what becomes of its connection. Numbers are Kitex's codes.
export const ttstream = {
  'ttstream.exception': 'The server ended the stream with exception {{typeId}} {{name}}: {{message}}',
  'ttstream.reset': 'The server reset the stream ({{typeId}} {{name}}): {{message}}',
  'ttstream.resetAlong': 'The stream was cancelled along {{path}} ({{typeId}} {{name}}): {{message}}',
  'ttstream.unreadableException': 'The stream ended with an exception of {{bytes}} bytes that cannot be read (Kitex: 12004 illegal frame).',
  'ttstream.connectionClosed': 'The connection to {{address}} closed while the stream was open (Kitex: 12006 transport is closing).',
  'ttstream.closedAtOnceHint': 'Nothing had come back for this stream: {{address}} may not speak TTHeader Streaming (Kitex v0.13 or newer with a streaming service does). Try grpc.',
  'ttstream.duplicateHeader': 'The server sent a second Header frame for stream {{streamId}} (Kitex: 12002 unexpected header frame), which ends the connection and every stream on it.',
  'ttstream.unknownFrameType': 'The frame at byte {{offset}} says frame type "{{value}}" in integer key 27: expected 1 to 5.',
  'ttstream.notStreaming': 'A TTHeader frame without the streaming flag came (flags {{flags}}, byte {{offset}}): the server answers unary calls here.',
  'ttstream.messageTooLarge': 'A message of {{bytes}} bytes exceeds the limit of {{limit}}; the stream was ended.',
  'ttstream.messageTooLargeHint': 'Raise the largest message size of this call if the message is meant.',
  'ttstream.overForSending': 'The server has ended the stream: nothing can be sent any more.',
  'ttstream.sendAfterClose': 'A message was sent after the half-close.',
  'ttstream.silenceHint': 'Kitex sends nothing at all for a service or method that it does not know: check that the server has {{service}}/{{method}} as a streaming method.',
  'ttstream.unary': '{{method}} is no stream: {{transport}} carries streaming methods only.',
  'ttstream.unaryHint': 'Use ttheader-framed, as Kitex does for the unary methods of a streaming service.',
} as const
