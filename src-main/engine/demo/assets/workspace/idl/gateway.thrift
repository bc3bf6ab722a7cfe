// 网关：对外入口，并知道每个地区由哪个仓库配送。The way in; it also knows which warehouse delivers to a region.
include "base.thrift"
include "order.thrift"
include "stock.thrift"

namespace go shop.gateway

struct CheckoutRequest {
  1: required base.UserId userId
  2: required list<order.Line> lines
  3: string region = "cn-north"
}

struct CheckoutResponse {
  1: base.OrderId orderId
  2: string buyer
  3: base.Money total
  4: Delivery delivery
  255: base.BaseResp base
}

struct RouteRequest {
  1: required string region
}

struct Delivery {
  1: string warehouse
  2: i32 days
}

exception UnknownRegion {
  1: string region
  2: list<string> known
}

service GatewayService {
  /** User, order, stock: the longest way through the shop. */
  CheckoutResponse Checkout(1: CheckoutRequest req) throws (1: UnknownRegion region, 2: stock.SkuNotFound missing)
  Delivery Route(1: RouteRequest req) throws (1: UnknownRegion region)
}
