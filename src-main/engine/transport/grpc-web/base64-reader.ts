// Bodies of `grpc-web-text`: base64, of which every flush of the server may end in padding of its own.

export class Base64Reader {
  #rest = ''

  /** The bytes of all groups of four characters that are whole. */
  push(chunk: Buffer): Buffer {
    const text = this.#rest + chunk.toString('latin1').replace(/[\r\n]/g, '')
    const usable = text.length - (text.length % 4)
    this.#rest = text.slice(usable)
    return Buffer.concat((text.slice(0, usable).match(/[^=]+={0,2}/g) ?? []).map((part) => Buffer.from(part, 'base64')))
  }
}
