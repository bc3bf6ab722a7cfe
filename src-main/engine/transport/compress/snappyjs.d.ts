// snappyjs brings no types; what is used of it.
declare module 'snappyjs' {
  export function compress(bytes: Buffer): Buffer
}
