import { expect, it } from 'vitest'
import { inlaysOf, timeOf } from '../../../../shared/logic/body/inlays.ts'
import { formatTime } from '../../../../shared/logic/format.ts'
import { requestType, shopIdl } from './shop-idl.ts'

it('notes the number of an enum name and the name of an enum number', () => {
  const text = '{"levels":["GOLD",1,9]}'
  expect(inlaysOf(text, { kind: 'typed', type: requestType }, shopIdl).map(({ end, text: note }) => `${text.slice(0, end).split(/[[,]/).at(-1) ?? ''} ${note}`)).toEqual(['"GOLD" 2', '1 SILVER'])
})

it('notes a time where the name says so and the size fits, and nothing else', () => {
  const text = '{"createdAt":1763706512345,"count":1763706512345,"at":12}'
  expect(inlaysOf(text, undefined, shopIdl)).toEqual([{ end: 26, text: formatTime(1763706512345) }])
})

it('tells seconds from milliseconds, microseconds and nanoseconds by size', () => {
  expect(['1763706512', '1763706512345', '1763706512345678', '1763706512345678901', '12', '99999999999999'].map(timeOf)).toEqual([
    formatTime(1763706512000), formatTime(1763706512345), formatTime(1763706512345), formatTime(1763706512345), undefined, undefined,
  ])
})
