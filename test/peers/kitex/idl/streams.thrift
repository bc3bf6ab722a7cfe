// The streaming side of the real Kitex peer: all four kinds, spoken over TTHeader Streaming and over gRPC on the same port. What a
// handler does is told by the plan that the client sends, so that a test says in its own lines what comes.
namespace go streams

struct Plan {
  /** Messages to send. */
  1: i32 count
  /** Pause before each. */
  2: i32 everyMs
  /** Length of each message's blob. */
  3: i32 bytes
  /** How to end: empty, `error`, `biz`, `panic`, or `wait` (until the client cancels). */
  4: string end
  5: map<string, string> header
  6: map<string, string> trailer
  7: string text
}

struct Note {
  1: string text
  2: i64 number
  3: optional binary blob
  /** Taken up by Collect and Chat when it comes. */
  4: optional Plan plan
}

struct Tally {
  1: i64 count
  2: i64 sum
  3: string last
}

/** What arrived beside the messages. */
struct Arrived {
  1: map<string, string> transient
  2: map<string, string> persistent
  3: map<string, string> header
  4: string service
  5: string method
  6: string transport
  7: i64 deadlineMs
}

service Streams {
  Note Once(1: Note note) (streaming.mode = "unary")
  Tally Collect(1: Note note) (streaming.mode = "client")
  Note List(1: Plan plan) (streaming.mode = "server")
  Note Chat(1: Note note) (streaming.mode = "bidirectional")
  Arrived Tell(1: Plan plan) (streaming.mode = "server")
  /** No stream: how the handlers above were ended early so far, oldest first; the last 100 are kept. */
  list<string> Ends()
}
