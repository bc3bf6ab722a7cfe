// Writes Protobuf that looks like what people have: comments in two languages, options, maps, oneofs, nested types, services. Sized for
// benchmarks and limits; the same number gives the same text.

const types = ['int32', 'int64', 'string', 'bool', 'double', 'bytes', 'uint64', 'sint32', 'fixed64', 'float']

/** About `modules * 2.2 kB` of proto3 without errors. */
export function generateProto(modules: number): string {
  const parts = ['// Generated for measuring.\n', 'syntax = "proto3";\n\n', 'package bench.shop;\n\n', 'option go_package = "bench/shop;shop";\n']
  for (let index = 0; index < modules; index++) parts.push(moduleText(index))
  return parts.join('')
}

function moduleText(index: number): string {
  const fields = Array.from({ length: 14 }, (_, at) => fieldText(index, at)).join('')
  return `
// State of entity ${index}.
enum State${index} {
  STATE${index}_UNKNOWN = 0; // never sent
  STATE${index}_ACTIVE = 1;
  STATE${index}_CLOSED = 2 [deprecated = true];
}

/*
 * Entity ${index}: what the warehouse knows about one of them.
 * Kept small on purpose; see the handbook before adding a field.
 */
message Entity${index} {
  message Part {
    string label = 1;
    repeated double weights = 2;
  }
${fields}  map<string, Part> parts = 100;
  oneof origin {
    string supplier = 101;
    Entity${index} parent = 102;
  }
  reserved 200 to 299, 500;
  reserved "old_name";
}

message Query${index} {
  int64 id = 1 [json_name = "entityId"];
  State${index} state = 2;
  optional int32 limit = 3;
  bench.shop.Entity${index}.Part part = 4;
}

// Service ${index} 的说明。
service Shop${index} {
  // Finds an entity by its id.
  rpc Find(Query${index}) returns (Entity${index});
  rpc Watch(Query${index}) returns (stream Entity${index}) {
    option deprecated = true;
  }
  rpc Upload(stream Entity${index}) returns (Query${index});
}
`
}

function fieldText(index: number, at: number): string {
  const type = types[(index + at) % types.length] ?? 'string'
  const label = at % 4 === 1 ? 'repeated ' : at % 4 === 2 ? 'optional ' : ''
  const comment = at % 3 === 0 ? `  // 第 ${at} 个字段, of module ${index}.\n` : ''
  return `${comment}  ${label}${type} field_name_${at} = ${at + 1}${at % 5 === 0 ? ' [deprecated = true]' : ''};\n`
}
