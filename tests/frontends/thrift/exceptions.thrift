exception Thrown {
  1: string why
}

exception Held {
  1: required i32 code
}

struct Log {
  1: list<Held> past
}

service Shop {
  void buy() throws (1: Thrown thrown)
}
