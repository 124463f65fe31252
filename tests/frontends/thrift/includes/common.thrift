namespace * shop.common

typedef string Sku

enum Currency { EUR = 1 }

struct Money {
  1: required i64 amount
  2: required Currency currency
}

struct Unused {}

service Health {
  bool ping()
}
