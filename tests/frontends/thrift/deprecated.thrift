struct Order {
  1: i32 a (deprecated = "take b")
  2: i32 b (deprecated)
} (deprecated = "nobody orders")

service Shop {
  void buy() (deprecated)
}
