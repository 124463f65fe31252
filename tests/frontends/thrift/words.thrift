namespace * frontends.words

/** Names that are words of the definition language. */
struct date {
  1: required i32 year,
}

struct decimal {
  1: required date since,
  2: required list<date> dates,
}

service Words {
  decimal say(1: date date),
}
