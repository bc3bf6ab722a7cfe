// What the real Kitex peer serves: every Thrift type, every kind of answer.
namespace go peer

include "common.thrift"

const i32 DEFAULT_LIMIT = 20

union Choice {
  1: string text
  2: i64 number
  3: common.Address address
}

struct Tree {
  1: string name
  2: list<Tree> children
}

struct All {
  1: bool flag
  2: i8 tiny
  3: i16 small
  4: i32 medium
  5: i64 large
  6: double ratio
  7: string text
  8: binary blob
  9: common.Color color
  10: common.Address address
  11: list<i32> numbers
  12: set<string> names
  13: map<string, i64> counts
  14: map<i32, list<map<string, double>>> nested
  15: optional Choice choice
  16: optional Tree tree
  17: list<common.Address> addresses
  18: map<common.Color, set<i64>> byColor
  19: optional common.UserId user
  20: optional string nothing
  21: i32 limit = DEFAULT_LIMIT
  22: list<bool> bits
  23: list<list<binary>> blobs
  24: optional double tinyRatio
  -1: optional string negative
}

struct Seen {
  1: map<string, string> transient
  2: map<string, string> persistent
  3: string caller
  4: string callerMethod
  5: string service
  6: string transport
  7: i64 deadlineMs
}

exception Oops {
  1: i32 code
  2: string why
}

exception Denied {
  1: required string who
  2: optional common.Address address
}

service Peer extends common.Base {
  All Echo(1: All req)
  string Say(1: string msg)
  void Nothing(1: string note)
  i64 Add(1: i32 a, 2: i64 b, 3: list<i64> more)
  oneway void Fire(1: string note)
  /** Notes that Fire has brought so far, oldest first; the last 100 are kept. */
  list<string> Fired()
  string Throw(1: i32 code) throws (1: Oops oops, 2: Denied denied)
  string Fail(1: string why)
  string Panic(1: string why)
  string Biz(1: i32 status, 2: string message, 3: map<string, string> extra)
  i32 Sleep(1: i32 ms)
  /** Fails exactly `percent` of the calls of this process, spread evenly. */
  string Flaky(1: i32 percent)
  /** Tells what metainfo arrived, and sends `backward` back. */
  Seen Meta(1: map<string, string> backward)
  binary Big(1: i32 bytes)
  /** The `-name` of this server. */
  string Who()
  /** Exits the process at once, in the middle of the call. */
  string Die()
}

/** Shares method Say with Peer: which one answers shows how the server routed. */
service Second {
  string Say(1: string msg)
  string Hello(1: string name)
}
