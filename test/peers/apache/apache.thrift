// What the Apache Thrift peer serves; the compiler makes its JavaScript from this at test time.

enum Color { RED = 1, BLUE = 2 }

exception Oops { 1: i32 code, 2: string why }

struct Inner { 1: required string name, 2: optional i64 id }

struct All {
  1: bool flag
  2: i8 tiny
  3: i16 small
  4: i32 medium
  5: i64 large
  6: double ratio
  7: string text
  8: binary blob
  9: list<string> names
  10: set<i32> numbers
  11: map<string, i64> counts
  12: Color color
  13: Inner inner
  14: list<Inner> inners
  15: map<i32, list<bool>> nested
}

service Apache {
  All Echo(1: All all)
  i64 Add(1: i64 a, 2: i64 b)
  void Nothing()
  string Throw(1: i32 code) throws (1: Oops oops)
  string Fail()
  oneway void Fire(1: string msg)
  list<string> Fired()
  i32 Sleep(1: i32 ms)
}

service Newer extends Apache {
  string OnlyInNewer()
}
