exception Full {
  1: string text
}

service Log {
  oneway void line(1: string text) throws (1: Full full)
}
