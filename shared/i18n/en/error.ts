// Errors that several areas share; an area's own errors stand in its own file.
export const error = {
  'error.cancelled': 'Cancelled',
  'error.internal': 'Internal error: {{message}}',
} as const
