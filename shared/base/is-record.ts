/** Whether a value that came from outside (JSON, YAML) is an object with members; a list is none. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)
