enum Colour { RED = 1, BLUE = 3 }

exception Oops { 1: i32 code, 2: string why }

union Either { 1: i32 left, 2: string right }

struct All {
  1: optional bool flag
  2: optional byte small
  3: optional i16 short
  4: optional i32 medium
  5: optional i64 long
  6: optional double real
  7: optional string text
  8: optional binary bytes
  9: optional Colour colour
  10: optional list<i32> numbers
  11: optional set<string> names
  12: optional map<string, i64> counts
  13: optional All inner
  14: optional Either either
  15: optional uuid key
  16: optional bool off
  17: optional list<bool> flags
  18: optional map<i32, string> none
  19: optional list<i16> many
}

struct Gaps {
  1: optional i32 first
  16: optional i32 near
  32: optional bool far
  48: optional i32 back
  300: optional list<i64> edges
}

service Golden {
  string Say(1: string msg)
  void Nothing(1: string msg)
  string Throw(1: i32 code) throws (1: Oops oops)
  oneway void Fire(1: i64 n)
  All Everything(1: All req)
  Gaps Spread(1: Gaps req)
}
