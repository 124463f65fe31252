struct Problem {
  1: string text
}

service Books {
  void add(1: string title) throws (1: Problem problem)
}
