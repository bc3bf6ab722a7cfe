// What all services of the shop share.
namespace go shop.base

/** Every reply ends with one. */
struct BaseResp {
  1: string StatusMessage = ""
  2: i32 StatusCode = 0
}

/** 64 bits: larger than what JavaScript's numbers hold, and kept exact all the way. */
typedef i64 UserId
typedef i64 OrderId
typedef string Sku

/** Money in its smallest unit, so that nobody rounds. */
struct Money {
  1: required i64 cents
  2: string currency = "CNY"
}
