struct Book {
  1: string
}
