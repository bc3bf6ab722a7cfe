export const codec = {
} as const
