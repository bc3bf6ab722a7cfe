// Where the receiver of this machine is expected: the port that every exporter assumes, or KITE_RECEIVER for people who moved it.

/** `host:port` of OTLP over HTTP; undefined when the user said `none`. */
export function receiverAddress(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const wanted = env['KITE_RECEIVER']
  if (wanted === 'none') return undefined
  return wanted === undefined || wanted === '' ? '127.0.0.1:4318' : wanted
}
