service Shop {
  void buy(1: i32 plain, 2: optional i32 loose, 3: required i32 needed, 4: i32 given = 5)
}
