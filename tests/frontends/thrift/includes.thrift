include "includes/common.thrift"

struct Order {
  1: required common.Sku sku
  2: common.Money price
}

service Shop extends common.Health {
  Order find(1: common.Sku sku)
}
