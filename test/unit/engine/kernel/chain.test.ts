import { describe, expect, it } from 'vitest'
import { compose, skippedStep } from '../../../../src-main/engine/kernel/chain.ts'
import type { Endpoint } from '../../../../src-main/engine/kernel/endpoint.ts'
import { okReply } from '../../../../src-main/engine/kernel/reply.ts'
import { context, step } from '../../../support/chain-text.ts'

describe('compose', () => {
  it('runs from the outside in and back', async () => {
    const seen: string[] = []
    const spy = (name: string) => step(name, async (ctx, next) => {
      seen.push(`> ${name}`)
      const reply = await next(ctx)
      seen.push(`< ${name}`)
      return reply
    })
    await compose([spy('a'), spy('b')], async () => okReply('1'))(context())
    expect(seen).toEqual(['> a', '> b', '< b', '< a'])
  })

  it('puts nothing between the steps when nobody observes: the terminal\'s own promise comes back', () => {
    const promise = Promise.resolve(okReply('1'))
    const pass = step('pass', (ctx, next) => next(ctx))
    const ctx = context()
    let got: unknown
    const terminal: Endpoint = (inner) => {
      got = inner
      return promise
    }
    expect(compose([pass, pass, pass], terminal)(ctx)).toBe(promise)
    expect(got).toBe(ctx)
  })

  it('leaves skipped steps out of the way when nobody observes', () => {
    const terminal: Endpoint = () => Promise.resolve(okReply('1'))
    expect(compose([skippedStep({ kind: 'retry', name: 'retry' }, { key: 'chain.noRetryPolicy' })], terminal)).toBe(terminal)
  })
})
