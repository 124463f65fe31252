struct Shelf {
  1: list<Book> books
}
