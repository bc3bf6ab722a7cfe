// One type of an IDL as a table: numbers, names, types, comments. What is written otherwise in JSON than in the IDL says so.

import type { ReactElement } from 'react'
import { stringifyExact } from '../../../shared/logic/json/write.ts'
import type { Annotations, EnumDescriptor, FieldDescriptor, StructDescriptor } from '../../../shared/model/idl.ts'
import { Chip } from '../../ui/badge.tsx'
import { useT } from '../../ui/translation.tsx'
import { wellKnownJson } from './well-known-json.ts'

export function EnumDoc({ type: { name, doc, values } }: { readonly type: EnumDescriptor }): ReactElement {
  return (
    <section className="docs-type">
      <h3><span className="faint">enum</span> {name}</h3>
      {doc !== undefined && <p className="dim docs-text">{doc}</p>}
      <table className="table"><tbody>{values.map((value) => <tr key={value.name}><td className="number faint">{value.value}</td><td className="mono">{value.name}</td><td className="dim wrap">{value.doc}</td></tr>)}</tbody></table>
    </section>
  )
}

export function StructDoc({ type: { kind, name, doc, fields, proto } }: { readonly type: StructDescriptor }): ReactElement {
  const { t } = useT()
  const json = wellKnownJson(proto?.fullName)
  return (
    <section className="docs-type">
      <h3><span className="faint">{proto === undefined ? kind : 'message'}</span> {json === undefined ? name : proto?.fullName}</h3>
      {doc !== undefined && json === undefined && <p className="dim docs-text">{doc}</p>}
      {json === undefined
        ? fields.length === 0 ? <p className="faint">{t('app.docs.noFields')}</p> : <table className="table"><tbody>{fields.map((field) => <FieldDoc key={field.id} field={field} />)}</tbody></table>
        : <p className="dim">{t('app.docs.json')} <code>{json}</code></p>}
    </section>
  )
}

function FieldDoc({ field }: { readonly field: FieldDescriptor }): ReactElement {
  const { t } = useT()
  const { id, name, type, proto, doc, annotations, defaultValue } = field
  return (
    <tr>
      <td className="number faint">{id}</td>
      <td className="mono">
        {name}
        {proto !== undefined && proto.jsonName !== name && <span className="docs-json faint">{t('app.docs.json')} {proto.jsonName}</span>}
      </td>
      <td className="mono dim">
        {labelOf(field)}{type.written}{defaultValue === undefined ? '' : ` = ${stringifyExact(defaultValue)}`}
        {proto?.oneof !== undefined && <> <Chip>oneof {proto.oneof}</Chip></>}
        {isDeprecated(annotations) && <> <Chip>deprecated</Chip></>}
      </td>
      <td className="dim wrap">{doc}</td>
    </tr>
  )
}

/** What stands before the type in the source. */
function labelOf({ requiredness, proto, type }: FieldDescriptor): string {
  if (proto === undefined) return requiredness === 'default' ? '' : `${requiredness} `
  if (proto.presence === 'required') return 'required '
  if (proto.presence === 'none') return proto.map === undefined && !type.written.startsWith('repeated ') && type.kind === 'list' ? 'repeated ' : ''
  return proto.presence === 'explicit' && proto.oneof === undefined && proto.type !== 'message' && proto.type !== 'group' ? 'optional ' : ''
}

const isDeprecated = (annotations: Annotations): boolean => annotations['deprecated']?.includes('true') === true
