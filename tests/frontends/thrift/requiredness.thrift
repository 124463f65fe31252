struct Order {
  1: required i32 needed
  2: optional i32 loose
  3: i32 plain
  4: required i32 needed_with_default = 1
  5: optional i32 loose_with_default = 1
  6: i32 plain_with_default = 1
}
