service Base {
  bool ping()
}

service Shop extends Base {
  void buy(1: i32 order)
}

service Market extends Shop {}
