// 订单服务。Orders: asks stock.
include "base.thrift"
include "stock.thrift"

namespace go shop.order

enum OrderState {
  PLACED = 1
  PAID = 2
  SHIPPED = 3
  CLOSED = 9
}

struct Line {
  1: required base.Sku sku
  2: i32 count = 1
}

struct Order {
  1: required base.OrderId id
  2: base.UserId userId
  3: OrderState state
  4: list<Line> lines
  5: base.Money total
  /** Milliseconds since 1970. */
  6: i64 createdAt
}

struct CreateOrderRequest {
  1: required base.UserId userId
  2: required list<Line> lines
}

struct CreateOrderResponse {
  1: Order order
  2: list<string> reservations
  255: base.BaseResp base
}

struct RecentRequest {
  1: required base.UserId userId
  2: i32 limit = 3
}

struct RecentResponse {
  1: list<Order> orders
  /** Whether what was bought can be bought again. */
  2: map<base.Sku, bool> available
  255: base.BaseResp base
}

service OrderService {
  CreateOrderResponse CreateOrder(1: CreateOrderRequest req) throws (1: stock.SkuNotFound missing)
  RecentResponse Recent(1: RecentRequest req)
}
