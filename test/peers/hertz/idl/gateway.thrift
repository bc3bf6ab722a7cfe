// What the Hertz peer serves: every place in a request and a reply where an annotated field can travel.
namespace go gateway

enum Level { LOW = 1, HIGH = 5 }

struct Address {
    1: required string city
    2: optional string street (api.body = "street_name")
}

struct GetUserReq {
    1: required i64 id (api.path = "id", api.vd = "$ != 13")
    2: optional string fields (api.query = "fields")
    3: optional list<i32> ids (api.query = "ids")
    4: optional string token (api.header = "X-Token")
    5: optional string session (api.cookie = "session")
    6: optional bool deep (api.query = "deep")
    7: optional Level level (api.query = "level")
    8: optional string plain
    9: optional list<string> tags (api.header = "X-Tags")
    10: optional double ratio (api.query = "ratio")
}

struct GetUserResp {
    1: GetUserReq seen
    2: optional string trace (api.header = "X-Trace")
    3: optional i32 code (api.http_code = "")
    4: string cookies
}

struct User {
    1: i64 id (api.js_conv = "")
    2: string name
    3: Level level
    4: optional Address address
    5: optional list<string> tags
    6: optional map<string, i64> counts
    7: optional double score
    8: optional binary blob
    9: optional list<Address> others
    10: optional i64 big
    11: optional string renamed (api.body = "other_name")
    12: optional string hidden (api.none = "")
}

struct CreateUserReq {
    1: User user
    2: optional string key (api.header = "Idempotency-Key")
    3: optional i32 page (api.query = "page")
}

struct CreateUserResp {
    1: User user
    2: string key
    3: i32 page
    4: i32 code (api.http_code = "")
}

struct UpdateReq {
    1: i64 id (api.path = "id")
    2: string name (api.form = "name")
    3: optional list<string> tags (api.form = "tags")
}

struct UpdateResp {
    1: i64 id
    2: string name
    3: list<string> tags
    4: string type
}

struct UploadReq {
    1: string title (api.form = "title")
    2: optional binary file (api.file = "file")
}

struct UploadResp {
    1: string title
    2: string filename
    3: string content
}

struct RawReq {
    1: string rest (api.path = "rest")
    2: string body (api.raw_body = "")
}

struct RawResp {
    1: string rest
    2: string body
    3: string type
}

struct DeleteReq {
    1: i64 id (api.path = "id")
    2: optional string why (api.query = "why")
}

struct DeleteResp {
    1: optional string why (api.header = "X-Why")
}

struct FailReq {
    1: i32 status (api.query = "status")
}

struct FailResp {
    1: string name
}

struct SleepReq {
    1: i32 ms (api.query = "ms")
}

struct SleepResp {
    1: i32 ms
}

service Gateway {
    GetUserResp GetUser(1: GetUserReq req) (api.get = "/users/:id")
    CreateUserResp CreateUser(1: CreateUserReq req) (api.post = "/users")
    UpdateResp UpdateUser(1: UpdateReq req) (api.put = "/users/:id")
    UpdateResp PatchUser(1: UpdateReq req) (api.patch = "/users/:id")
    UploadResp Upload(1: UploadReq req) (api.post = "/upload")
    RawResp Raw(1: RawReq req) (api.post = "/raw/*rest")
    DeleteResp DeleteUser(1: DeleteReq req) (api.delete = "/users/:id")
    FailResp Fail(1: FailReq req) (api.get = "/fail")
    SleepResp Sleep(1: SleepReq req) (api.get = "/sleep")
}
