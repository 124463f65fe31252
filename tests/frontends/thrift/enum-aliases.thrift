enum Size {
  SMALL = 1
  TINY = 1
  LARGE = 2
}
