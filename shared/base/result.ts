// What can fail in the world is a value, not an exception: a Result crosses processes, an exception does not.

import type { ErrorData } from './error.ts'

export type Result<T, E = ErrorData> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })
export const err = <E>(error: E): Result<never, E> => ({ ok: false, error })
