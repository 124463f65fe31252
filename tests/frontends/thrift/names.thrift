struct book {
  1: i32 from_page
}

exception Book {}

service BOOK {
  book find() throws (1: Book missing)
}
