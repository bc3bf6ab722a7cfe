// The method as the IDL tells it: signature, comment, types of request and reply with their fields, nested ones on demand.

import type { ReactElement } from 'react'
import type { FieldDescriptor, IdlSet, IdlType, MethodDescriptor, ServiceDescriptor, TypeId } from '../../../shared/model/idl.ts'
import { stringifyExact } from '../../../shared/logic/json/write.ts'
import { EmptyState } from '../../ui/states.tsx'
import { useT } from '../../ui/translation.tsx'

interface Props {
  readonly method: string
  readonly found: { readonly service: ServiceDescriptor; readonly method: MethodDescriptor } | undefined
  readonly set: IdlSet | undefined
}

export function Docs({ method, found, set }: Props): ReactElement {
  const { t } = useT()
  if (found === undefined || set === undefined) return <EmptyState title={t('app.docs.none', { method })} />
  const { args, returns, throws, doc, kind, at, annotations } = found.method
  const types = [...new Set([...args, ...throws].map(({ type }) => type).concat(returns).flatMap((type) => namedTypes(type, set)))]
  return (
    <div className="form-scroll docs text" tabIndex={0}>
      <code className="docs-signature">{kind === 'oneway' ? 'oneway ' : ''}{returns.written} <strong>{found.method.name}</strong>({args.map(({ id, type, name }) => `${id}: ${type.written} ${name}`).join(', ')}){throws.length === 0 ? '' : ` throws (${throws.map(({ id, type, name }) => `${id}: ${type.written} ${name}`).join(', ')})`}</code>
      {doc !== undefined && <p>{doc}</p>}
      <p className="faint caption" title={at.file}>{[at.file?.split(/[\\/]/).at(-1), at.line].filter((part) => part !== undefined).join(':')}{Object.entries(annotations).map(([key, values]) => ` · ${key} = ${values.join(', ')}`).join('')}</p>
      {types.map((id) => <TypeDoc key={id} id={id} set={set} />)}
    </div>
  )
}

function TypeDoc({ id, set }: { readonly id: TypeId; readonly set: IdlSet }): ReactElement | null {
  const struct = set.structs[id]
  const enumeration = set.enums[id]
  if (enumeration !== undefined) {
    return (
      <section className="docs-type">
        <h3><span className="faint">enum</span> {enumeration.name}</h3>
        {enumeration.doc !== undefined && <p className="dim">{enumeration.doc}</p>}
        <table className="table"><tbody>{enumeration.values.map(({ name, value, doc }) => <tr key={name}><td className="number faint">{value}</td><td className="mono">{name}</td><td className="dim wrap">{doc}</td></tr>)}</tbody></table>
      </section>
    )
  }
  if (struct === undefined) return null
  return (
    <section className="docs-type">
      <h3><span className="faint">{struct.kind}</span> {struct.name}</h3>
      {struct.doc !== undefined && <p className="dim">{struct.doc}</p>}
      <table className="table"><tbody>{struct.fields.map((field) => <FieldDoc key={field.id} field={field} />)}</tbody></table>
    </section>
  )
}

function FieldDoc({ field }: { readonly field: FieldDescriptor }): ReactElement {
  return (
    <tr>
      <td className="number faint">{field.id}</td>
      <td className="mono">{field.name}</td>
      <td className="mono dim">{field.requiredness === 'default' ? '' : `${field.requiredness} `}{field.type.written}{field.defaultValue === undefined ? '' : ` = ${stringifyExact(field.defaultValue)}`}</td>
      <td className="dim wrap">{field.doc}</td>
    </tr>
  )
}

const shownTypes = 60

/** Named types that a type reaches, in the order met; bounded, since an IDL may reach everything. */
function namedTypes(root: IdlType, set: IdlSet): readonly TypeId[] {
  const found: TypeId[] = []
  const queue: IdlType[] = [root]
  for (let type = queue.shift(); type !== undefined && found.length < shownTypes; type = queue.shift()) {
    if (type.kind === 'list' || type.kind === 'set') queue.push(type.element)
    else if (type.kind === 'map') queue.push(type.key, type.value)
    else if ((type.kind === 'struct' || type.kind === 'enum') && !found.includes(type.id)) {
      found.push(type.id)
      queue.push(...(set.structs[type.id]?.fields ?? []).map((field) => field.type))
    }
  }
  return found
}
