// 库存服务：有时慢。Stock: sometimes slow, as warehouses are.
include "base.thrift"

namespace go shop.stock

struct Level {
  1: required base.Sku sku
  2: i32 onHand
  3: i32 reserved
  /** Which warehouse it lies in. */
  4: string warehouse
}

struct LevelsRequest {
  1: list<base.Sku> skus
}

struct LevelsResponse {
  1: list<Level> levels
  255: base.BaseResp base
}

struct ReserveRequest {
  1: required base.Sku sku
  2: i32 count = 1
}

struct ReserveResponse {
  1: string reservationId
  2: Level level
  255: base.BaseResp base
}

exception SkuNotFound {
  1: base.Sku sku
  2: string message
}

service StockService {
  LevelsResponse Levels(1: LevelsRequest req)
  /** Too few on hand is a business error (40901), not an exception: see the difference in the reply. */
  ReserveResponse Reserve(1: ReserveRequest req) throws (1: SkuNotFound missing)
}
