struct Book {
  string title
}
