union Id {
  1: string text = ""
  2: i64 number = 0
}
