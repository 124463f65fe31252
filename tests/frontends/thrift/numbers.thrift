struct Order {
  7: i32 seven
  i32 none
  0: i32 zero
  -5: i32 below
  19500: i32 reserved_by_protobuf
  40000: i32 large
}
