service Log {
  oneway i32 line(1: string text)
}
