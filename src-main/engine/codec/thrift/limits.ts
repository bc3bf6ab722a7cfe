// How deep and how large a message may be before its decoder gives up: bytes that nobody vouches for must use up neither stack nor memory.

import type { DecodeLimits } from '../codec.ts'

/** 64 levels as Kitex's own skip (cloudwego/gopkg protocol/thrift); the budget is ours. */
export const defaultLimits: DecodeLimits = { maxDepth: 64, budgetBytes: 256 * 1024 * 1024 }

/** For walks over bytes that make nothing out of them but text. */
export const endlessLimits: DecodeLimits = { maxDepth: defaultLimits.maxDepth, budgetBytes: Number.MAX_SAFE_INTEGER }
