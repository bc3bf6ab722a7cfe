export const idl = {
} as const
