struct Shelf {
  1: i32 from
}
