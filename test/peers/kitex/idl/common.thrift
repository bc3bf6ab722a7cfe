// Types and a base service that peer.thrift includes, so that includes and `extends` across files are exercised.
namespace go common

enum Color {
  RED = 1
  GREEN = 2
  BLUE = 10
}

typedef i64 UserId

struct Address {
  1: required string city
  2: optional i32 zip
}

service Base {
  string Ping()
}
