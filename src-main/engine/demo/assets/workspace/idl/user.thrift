// 用户服务：v1.9 两个实例，v2.1 一个（灰度，较慢）。Users: v1.9 runs twice; v2.1 is the gray release, and slow.
include "base.thrift"
include "order.thrift"
include "gateway.thrift"

namespace go shop.user

enum Field {
  PROFILE = 1
  LEVEL = 2
  ORDERS = 3    // asks demo.order
  DELIVERY = 4  // asks demo.gateway
}

enum UserLevel {
  GUEST = 0
  SILVER = 1
  GOLD = 2
  PLATINUM = 3
}

struct User {
  1: required base.UserId id
  2: string name
  3: optional UserLevel level
  /** Milliseconds since 1970. */
  4: i64 createdAt
  5: optional string email
  6: optional list<order.Order> recentOrders
  7: optional gateway.Delivery delivery
}

struct GetUserRequest {
  1: required base.UserId userId
  2: list<Field> fields = [Field.PROFILE]
  3: optional string region
}

struct GetUserResponse {
  1: User user
  255: base.BaseResp base
}

struct BatchGetUsersRequest {
  1: list<base.UserId> userIds
}

struct BatchGetUsersResponse {
  1: map<base.UserId, User> users
  2: list<base.UserId> missing
  255: base.BaseResp base
}

struct UpdateProfileRequest {
  1: required base.UserId userId
  2: optional string name
  3: optional string email
}

exception UserNotFound {
  1: base.UserId userId
  2: string message
}

service UserService {
  GetUserResponse GetUser(1: GetUserRequest req) throws (1: UserNotFound missing)
  BatchGetUsersResponse BatchGetUsers(1: BatchGetUsersRequest req)
  User UpdateProfile(1: UpdateProfileRequest req) throws (1: UserNotFound missing)
  /** Seen just now. Nothing comes back. */
  oneway void Touch(1: base.UserId userId)
}
