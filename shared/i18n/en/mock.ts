export const mock = {
} as const
