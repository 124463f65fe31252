struct Shelf {
  1: map<list<i32>, string> books
}
