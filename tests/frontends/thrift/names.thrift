enum Size { aB = 1, a_b = 2 }

const Size USUAL = Size.a_b

struct Pages {
  1: optional i32 theLast
  2: optional i32 the_last
}

const Pages BOTH = {"theLast": 1, "the_last": 2}

struct book {
  1: i32 from_page
}

exception Book {}

service BOOK {
  book getAll() throws (1: Book missing)
  void get_all()
}
