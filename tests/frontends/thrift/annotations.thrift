typedef i64 Money (unit = "cent")

enum Size {
  SMALL (label = "S")
} (ordered)

struct Order {
  1: i32 a (min = "1", max = "5")
} (version = "2")

service Shop {
  void buy() (cached)
} (port = "9090")
