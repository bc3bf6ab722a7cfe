export const launch = {
} as const
