/** What several services share. */

namespace * shop.common
namespace java org.example.shop.common (owner = "base")

typedef string Sku

enum Currency { EUR = 1, USD }

const i32 LIMIT = 0x10

/** An amount in the smallest unit. */
struct Money {
  1: required i64 amount
  2: Currency currency = Currency.EUR
}

exception Unavailable {
  1: string reason
}

service Health {
  /** Is everything there? */
  bool ping()
}
