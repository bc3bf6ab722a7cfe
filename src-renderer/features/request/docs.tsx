// The method as the IDL tells it, in the words of its language: signature, comment, types of request and reply with their fields, nested ones
// after them.

import type { ReactElement } from 'react'
import type { IdlSet, IdlType, MethodDescriptor, ServiceDescriptor, TypeId } from '../../../shared/model/idl.ts'
import { EmptyState } from '../../ui/states.tsx'
import { useT } from '../../ui/translation.tsx'
import { EnumDoc, StructDoc } from './type-doc.tsx'
import { wellKnownJson } from './well-known-json.ts'

interface Props {
  readonly method: string
  readonly found: { readonly service: ServiceDescriptor; readonly method: MethodDescriptor } | undefined
  readonly set: IdlSet | undefined
}

export function Docs({ method, found, set }: Props): ReactElement {
  const { t } = useT()
  if (found === undefined || set === undefined) return <EmptyState title={t('app.docs.none', { method })} />
  const { args, returns, throws, doc, at, annotations } = found.method
  const types = [...new Set([...args, ...throws].map(({ type }) => type).concat(returns).flatMap((type) => namedTypes(type, set)))]
  return (
    <div className="form-scroll docs text" tabIndex={0}>
      <code className="docs-signature">{found.service.language === 'proto' ? <ProtoSignature method={found.method} /> : <ThriftSignature method={found.method} />}</code>
      {doc !== undefined && <p className="docs-text">{doc}</p>}
      <p className="faint caption" title={at.file}>{[at.file?.split(/[\\/]/).at(-1), at.line].filter((part) => part !== undefined).join(':')}{Object.entries(annotations).map(([key, values]) => ` · ${key} = ${values.join(', ')}`).join('')}</p>
      {types.map((id) => <TypeDoc key={id} id={id} set={set} />)}
    </div>
  )
}

function ThriftSignature({ method: { name, kind, args, returns, throws } }: { readonly method: MethodDescriptor }): ReactElement {
  const fields = (list: MethodDescriptor['args']): string => list.map((field) => `${field.id}: ${field.type.written} ${field.name}`).join(', ')
  return <>{kind === 'oneway' ? 'oneway ' : ''}{returns.written} <strong>{name}</strong>({fields(args)}){throws.length === 0 ? '' : ` throws (${fields(throws)})`}</>
}

function ProtoSignature({ method: { name, kind, args, returns } }: { readonly method: MethodDescriptor }): ReactElement {
  const request = args.map(({ type }) => type.written).join(', ')
  return <>rpc <strong>{name}</strong>({kind === 'client' || kind === 'bidi' ? 'stream ' : ''}{request}) returns ({kind === 'server' || kind === 'bidi' ? 'stream ' : ''}{returns.written})</>
}

function TypeDoc({ id, set }: { readonly id: TypeId; readonly set: IdlSet }): ReactElement | null {
  const [struct, enumeration] = [set.structs[id], set.enums[id]]
  if (enumeration !== undefined) return <EnumDoc type={enumeration} />
  return struct === undefined || struct.proto?.mapEntry === true ? null : <StructDoc type={struct} />
}

const shownTypes = 60

/** Named types that a type reaches, in the order met; bounded, since an IDL may reach everything. What a well-known type is made of is not told: in JSON it is something else. */
function namedTypes(root: IdlType, set: IdlSet): readonly TypeId[] {
  const found: TypeId[] = []
  const queue: IdlType[] = [root]
  for (let type = queue.shift(); type !== undefined && found.length < shownTypes; type = queue.shift()) {
    if (type.kind === 'list' || type.kind === 'set') queue.push(type.element)
    else if (type.kind === 'map') queue.push(type.key, type.value)
    else if ((type.kind === 'struct' || type.kind === 'enum') && !found.includes(type.id)) {
      found.push(type.id)
      const struct = set.structs[type.id]
      if (struct !== undefined && wellKnownJson(struct.proto?.fullName) === undefined) queue.push(...struct.fields.map((field) => field.type))
    }
  }
  return found
}
