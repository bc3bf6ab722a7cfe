export const discovery = {
  'discovery.unreadableEntry': 'Registry entry {{where}} is no instance: {{cause}}',
  'discovery.notARegistryFile': 'This is no registry file: {{cause}}.',
  'discovery.registryFileForm': 'It needs a map `services:` from a name to a list of {address, weight, tags}.',
  'discovery.cannotRead': 'The registry file cannot be read: {{cause}}',
  'discovery.cannotWrite': '{{file}} cannot be written: {{cause}}',
  'discovery.locked': '{{file}} has been held by another process for 15 s. Remove it if that process is gone.',
  'discovery.badUrl': '{{url}} is no registry address.',
  'discovery.urlForms': 'Use file:PATH or etcd://HOST:PORT[/prefix].',
  'discovery.unknownScheme': '{{url}} names no known kind of registry.',
  'discovery.slashInService': 'Service name {{service}} contains a slash, which Kitex refuses in etcd.',
  'discovery.unreachable': 'The registry {{origin}} does not answer: {{cause}}',
  'discovery.unreachableHint': 'Check that etcd listens there and that no proxy or firewall stands between.',
} as const
