// The body of a plain HTTP request from what the user typed: JSON, form, multipart or the bytes as they are. Pure but for the files that the
// body names, which a host reads.

import { readJson } from '../../../../shared/logic/json/read.ts'
import { prettyJson } from '../../../../shared/logic/json/write.ts'
import { readBody } from '../common/read-body.ts'
import { fileOf, noBody, readNamed, type BodyTools, type HttpBody } from './files.ts'
import { formOf } from './form.ts'
import { multipartOf } from './multipart.ts'

/** How a body is sent; `auto` sends JSON text as JSON and all else as it is. */
export type BodyKind = 'auto' | 'json' | 'form' | 'multipart' | 'raw'

/** Throws KiteError of code `body` that says line and column. */
export function httpBodyOf(text: string, kind: BodyKind, tools: BodyTools): HttpBody {
  switch (kind) {
    case 'auto':
      return autoBody(text, tools)
    case 'json':
      return jsonBody(text, tools)
    case 'form':
      return { contentType: 'application/x-www-form-urlencoded', bytes: Buffer.from(formOf(text)) }
    case 'multipart':
      return multipartOf(text, tools)
    case 'raw':
      return rawBody(text, tools)
  }
}

function autoBody(text: string, tools: BodyTools): HttpBody {
  if (text.trim() === '') return noBody
  const file = fileNamedBy(text, tools)
  if (file !== undefined) return file
  return readJson(text).root === undefined ? textBody(text) : jsonBody(text, tools)
}

/** What other readers would refuse (comments, trailing commas) is not sent. */
function jsonBody(text: string, tools: BodyTools): HttpBody {
  if (text.trim() === '') return noBody
  readBody(text, { onWarning: tools.onWarning })
  const isStrict = readJson(text).issues.length === 0
  return { contentType: 'application/json', bytes: Buffer.from(isStrict ? text.trim() : prettyJson(text)) }
}

function rawBody(text: string, tools: BodyTools): HttpBody {
  return text === '' ? noBody : fileNamedBy(text, tools) ?? textBody(text)
}

const textBody = (text: string): HttpBody => ({ contentType: 'text/plain; charset=utf-8', bytes: Buffer.from(text) })

/** `{"$file": path, "type"?}` as the whole body: the bytes of that file. */
function fileNamedBy(text: string, tools: BodyTools): HttpBody | undefined {
  if (!text.includes('"$file"')) return undefined
  const { root } = readJson(text)
  const file = root === undefined ? undefined : fileOf(root)
  return file === undefined ? undefined : { contentType: file.type ?? 'application/octet-stream', bytes: readNamed(file.path, tools) }
}
