typedef i64 (js.type = "Long") Long

struct Order {
  1: list<i64 (js.type = "Long")> cpp_type "std::deque" (sorted) ids
  2: map cpp_type "fast" <string, set<i32 (short)>> found
}

service Shop {
  i64 (js.type = "Long") count(1: binary (mime = "image/png") picture)
}
