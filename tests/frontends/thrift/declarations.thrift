struct Order {
  1: required string id
}

union Payment {
  1: string card
  2: i64 cash
}

enum Size { SMALL = 1, LARGE = 5, HUGE }

typedef map<string, Order> Orders

const i32 MANY = 0x10

service Shop {
  Orders find(1: Size size)
}
