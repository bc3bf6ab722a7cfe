// Who may talk to a port that any page in a browser can reach. A page of this machine may send spans (CORS); a page of elsewhere may
// not, also not by making its own name point here (DNS rebinding): the Host must be an address or a name of this machine.

const localNames = new Set(['localhost', 'host.docker.internal', 'gateway.docker.internal'])

/** An IP address cannot be rebound; a name can, unless it is one of the machine's own. */
export function isLocalHost(host: string | undefined): boolean {
  if (host === undefined || host === '') return true
  const name = host.replace(/:\d+$/, '').toLowerCase().replace(/\.$/, '')
  return localNames.has(name) || name.endsWith('.localhost') || /^\[[0-9a-f:.%]+\]$/.test(name) || /^\d{1,3}(\.\d{1,3}){3}$/.test(name)
}

/** Origins of pages served by this machine. */
export function isLocalOrigin(origin: string): boolean {
  return /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\]|[a-z0-9-]+\.localhost)(:\d{1,5})?$/i.test(origin)
}

/** Headers that let a local page read the answer; none for requests that come from no page. */
export function corsHeaders(origin: string | undefined): Readonly<Record<string, string>> {
  if (origin === undefined || !isLocalOrigin(origin)) return {}
  return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', vary: 'origin' }
}

export function preflightHeaders(origin: string, requested: string | undefined): Readonly<Record<string, string>> {
  return {
    ...corsHeaders(origin),
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': requested ?? 'content-type, content-encoding, traceparent',
    'access-control-max-age': '7200',
  }
}
