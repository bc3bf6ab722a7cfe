// Bounds against hostile or broken bytes: checked on what a prefix declares, before anything is allocated or awaited for it.

/** Largest frame that is read unless the caller says otherwise: 64 MiB. */
export const defaultMaxFrameBytes = 64 * 1024 * 1024

/** The header size field counts 4-byte words in 16 bits (gopkg protocol/ttheader). */
export const maxHeaderBytes = 0xffff * 4

/** Each info string is prefixed by its length in 16 bits. */
export const maxInfoStringBytes = 0xffff

/** What Kitex peeks to tell payloads apart (pkg/remote/codec/default_codec.go). */
export const peekBytes = 8
