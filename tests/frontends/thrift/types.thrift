struct Everything {
  1: required bool a
  2: required byte b
  3: required i8 c
  4: required i16 d
  5: required i32 e
  6: required i64 f
  7: required double g
  8: required string h
  9: required binary i
  10: required uuid j
  11: required list<i32> k
  12: required set<string> l
  13: required map<i64, list<set<i32>>> m
}
