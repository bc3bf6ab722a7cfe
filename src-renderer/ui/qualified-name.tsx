// A name with its package: where there is no room the package gives way, since names differ at their end.

import type { ReactElement } from 'react'

export function QualifiedName({ name }: { readonly name: string }): ReactElement {
  const dot = name.lastIndexOf('.')
  return (
    <span className="qualified">
      {dot > 0 && <span className="qualified-package">{name.slice(0, dot)}</span>}
      <span className="truncate">{dot > 0 ? name.slice(dot) : name}</span>
    </span>
  )
}
