// The classes that Apache's compiler (`thrift --gen js:node,es6`) makes of codec-bench.thrift, in its style: what a user of the `thrift`
// package runs. Only the reading of optional object arguments is left out, which can only help it.

import thrift from 'thrift'

const { Thrift } = thrift
type Protocol = InstanceType<typeof thrift.TBinaryProtocol>

export class ApacheItem {
  id: unknown = null
  name: string | null = null
  score: number | null = null
  active: boolean | null = null

  read(input: Protocol): void {
    input.readStructBegin()
    while (true) {
      const ret = input.readFieldBegin()
      const ftype = ret.ftype
      const fid = ret.fid
      if (ftype == Thrift.Type.STOP) break
      switch (fid) {
        case 1:
          if (ftype == Thrift.Type.I64) this.id = input.readI64()
          else input.skip(ftype)
          break
        case 2:
          if (ftype == Thrift.Type.STRING) this.name = input.readString()
          else input.skip(ftype)
          break
        case 3:
          if (ftype == Thrift.Type.DOUBLE) this.score = input.readDouble()
          else input.skip(ftype)
          break
        case 4:
          if (ftype == Thrift.Type.BOOL) this.active = input.readBool()
          else input.skip(ftype)
          break
        default:
          input.skip(ftype)
      }
      input.readFieldEnd()
    }
    input.readStructEnd()
  }

  write(output: Protocol): void {
    output.writeStructBegin('Item')
    if (this.id !== null && this.id !== undefined) {
      output.writeFieldBegin('id', Thrift.Type.I64, 1)
      output.writeI64(this.id as number)
      output.writeFieldEnd()
    }
    if (this.name !== null && this.name !== undefined) {
      output.writeFieldBegin('name', Thrift.Type.STRING, 2)
      output.writeString(this.name)
      output.writeFieldEnd()
    }
    if (this.score !== null && this.score !== undefined) {
      output.writeFieldBegin('score', Thrift.Type.DOUBLE, 3)
      output.writeDouble(this.score)
      output.writeFieldEnd()
    }
    if (this.active !== null && this.active !== undefined) {
      output.writeFieldBegin('active', Thrift.Type.BOOL, 4)
      output.writeBool(this.active)
      output.writeFieldEnd()
    }
    output.writeFieldStop()
    output.writeStructEnd()
  }
}

export class ApacheRequest {
  action: string | null = null
  message: string | null = null
  userId: unknown = null
  count: number | null = null
  tags: string[] | null = null
  extra: Record<string, string> | null = null
  main: ApacheItem | null = null
  items: ApacheItem[] | null = null
  ids: unknown[] | null = null

  read(input: Protocol): void {
    input.readStructBegin()
    while (true) {
      const ret = input.readFieldBegin()
      const ftype = ret.ftype
      const fid = ret.fid
      if (ftype == Thrift.Type.STOP) break
      switch (fid) {
        case 1:
          if (ftype == Thrift.Type.STRING) this.action = input.readString()
          else input.skip(ftype)
          break
        case 2:
          if (ftype == Thrift.Type.STRING) this.message = input.readString()
          else input.skip(ftype)
          break
        case 3:
          if (ftype == Thrift.Type.I64) this.userId = input.readI64()
          else input.skip(ftype)
          break
        case 4:
          if (ftype == Thrift.Type.I32) this.count = input.readI32()
          else input.skip(ftype)
          break
        case 5:
          if (ftype == Thrift.Type.LIST) {
            this.tags = []
            const { size } = input.readListBegin()
            for (let i = 0; i < size; ++i) this.tags.push(input.readString())
            input.readListEnd()
          } else input.skip(ftype)
          break
        case 6:
          if (ftype == Thrift.Type.MAP) {
            this.extra = {}
            const { size } = input.readMapBegin()
            for (let i = 0; i < size; ++i) {
              const key = input.readString()
              const value = input.readString()
              this.extra[key] = value
            }
            input.readMapEnd()
          } else input.skip(ftype)
          break
        case 7:
          if (ftype == Thrift.Type.STRUCT) {
            this.main = new ApacheItem()
            this.main.read(input)
          } else input.skip(ftype)
          break
        case 8:
          if (ftype == Thrift.Type.LIST) {
            this.items = []
            const { size } = input.readListBegin()
            for (let i = 0; i < size; ++i) {
              const item = new ApacheItem()
              item.read(input)
              this.items.push(item)
            }
            input.readListEnd()
          } else input.skip(ftype)
          break
        case 9:
          if (ftype == Thrift.Type.LIST) {
            this.ids = []
            const { size } = input.readListBegin()
            for (let i = 0; i < size; ++i) this.ids.push(input.readI64())
            input.readListEnd()
          } else input.skip(ftype)
          break
        default:
          input.skip(ftype)
      }
      input.readFieldEnd()
    }
    input.readStructEnd()
  }

  write(output: Protocol): void {
    output.writeStructBegin('Request')
    if (this.action !== null && this.action !== undefined) {
      output.writeFieldBegin('action', Thrift.Type.STRING, 1)
      output.writeString(this.action)
      output.writeFieldEnd()
    }
    if (this.message !== null && this.message !== undefined) {
      output.writeFieldBegin('message', Thrift.Type.STRING, 2)
      output.writeString(this.message)
      output.writeFieldEnd()
    }
    if (this.userId !== null && this.userId !== undefined) {
      output.writeFieldBegin('userId', Thrift.Type.I64, 3)
      output.writeI64(this.userId as number)
      output.writeFieldEnd()
    }
    if (this.count !== null && this.count !== undefined) {
      output.writeFieldBegin('count', Thrift.Type.I32, 4)
      output.writeI32(this.count)
      output.writeFieldEnd()
    }
    if (this.tags !== null && this.tags !== undefined) {
      output.writeFieldBegin('tags', Thrift.Type.LIST, 5)
      output.writeListBegin(Thrift.Type.STRING, this.tags.length)
      for (const tag of this.tags) output.writeString(tag)
      output.writeListEnd()
      output.writeFieldEnd()
    }
    if (this.extra !== null && this.extra !== undefined) {
      output.writeFieldBegin('extra', Thrift.Type.MAP, 6)
      output.writeMapBegin(Thrift.Type.STRING, Thrift.Type.STRING, Object.keys(this.extra).length)
      for (const key in this.extra) {
        if (Object.prototype.hasOwnProperty.call(this.extra, key)) {
          output.writeString(key)
          output.writeString(this.extra[key] as string)
        }
      }
      output.writeMapEnd()
      output.writeFieldEnd()
    }
    if (this.main !== null && this.main !== undefined) {
      output.writeFieldBegin('main', Thrift.Type.STRUCT, 7)
      this.main.write(output)
      output.writeFieldEnd()
    }
    if (this.items !== null && this.items !== undefined) {
      output.writeFieldBegin('items', Thrift.Type.LIST, 8)
      output.writeListBegin(Thrift.Type.STRUCT, this.items.length)
      for (const item of this.items) item.write(output)
      output.writeListEnd()
      output.writeFieldEnd()
    }
    if (this.ids !== null && this.ids !== undefined) {
      output.writeFieldBegin('ids', Thrift.Type.LIST, 9)
      output.writeListBegin(Thrift.Type.I64, this.ids.length)
      for (const id of this.ids) output.writeI64(id as number)
      output.writeListEnd()
      output.writeFieldEnd()
    }
    output.writeFieldStop()
    output.writeStructEnd()
  }
}

export class ApacheNumbers {
  id: unknown = null
  version: number | null = null
  weight: number | null = null
  live: boolean | null = null
  ids: unknown[] | null = null
  scores: Record<string, number> | null = null

  read(input: Protocol): void {
    input.readStructBegin()
    while (true) {
      const ret = input.readFieldBegin()
      const ftype = ret.ftype
      const fid = ret.fid
      if (ftype == Thrift.Type.STOP) break
      switch (fid) {
        case 1:
          if (ftype == Thrift.Type.I64) this.id = input.readI64()
          else input.skip(ftype)
          break
        case 2:
          if (ftype == Thrift.Type.I32) this.version = input.readI32()
          else input.skip(ftype)
          break
        case 3:
          if (ftype == Thrift.Type.DOUBLE) this.weight = input.readDouble()
          else input.skip(ftype)
          break
        case 4:
          if (ftype == Thrift.Type.BOOL) this.live = input.readBool()
          else input.skip(ftype)
          break
        case 5:
          if (ftype == Thrift.Type.LIST) {
            this.ids = []
            const { size } = input.readListBegin()
            for (let i = 0; i < size; ++i) this.ids.push(input.readI64())
            input.readListEnd()
          } else input.skip(ftype)
          break
        case 6:
          if (ftype == Thrift.Type.MAP) {
            this.scores = {}
            const { size } = input.readMapBegin()
            for (let i = 0; i < size; ++i) {
              const key = String(input.readI64())
              this.scores[key] = input.readDouble()
            }
            input.readMapEnd()
          } else input.skip(ftype)
          break
        default:
          input.skip(ftype)
      }
      input.readFieldEnd()
    }
    input.readStructEnd()
  }

  write(output: Protocol): void {
    output.writeStructBegin('Numbers')
    if (this.id !== null && this.id !== undefined) {
      output.writeFieldBegin('id', Thrift.Type.I64, 1)
      output.writeI64(this.id as number)
      output.writeFieldEnd()
    }
    if (this.version !== null && this.version !== undefined) {
      output.writeFieldBegin('version', Thrift.Type.I32, 2)
      output.writeI32(this.version)
      output.writeFieldEnd()
    }
    if (this.weight !== null && this.weight !== undefined) {
      output.writeFieldBegin('weight', Thrift.Type.DOUBLE, 3)
      output.writeDouble(this.weight)
      output.writeFieldEnd()
    }
    if (this.live !== null && this.live !== undefined) {
      output.writeFieldBegin('live', Thrift.Type.BOOL, 4)
      output.writeBool(this.live)
      output.writeFieldEnd()
    }
    if (this.ids !== null && this.ids !== undefined) {
      output.writeFieldBegin('ids', Thrift.Type.LIST, 5)
      output.writeListBegin(Thrift.Type.I64, this.ids.length)
      for (const id of this.ids) output.writeI64(id as number)
      output.writeListEnd()
      output.writeFieldEnd()
    }
    if (this.scores !== null && this.scores !== undefined) {
      output.writeFieldBegin('scores', Thrift.Type.MAP, 6)
      output.writeMapBegin(Thrift.Type.I64, Thrift.Type.DOUBLE, Object.keys(this.scores).length)
      for (const key in this.scores) {
        if (Object.prototype.hasOwnProperty.call(this.scores, key)) {
          output.writeI64(Number(key))
          output.writeDouble(this.scores[key] as number)
        }
      }
      output.writeMapEnd()
      output.writeFieldEnd()
    }
    output.writeFieldStop()
    output.writeStructEnd()
  }
}
