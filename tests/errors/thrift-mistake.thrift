struct Book {
  1: string title
  1: i32 pages
}
