exception SoldOut {}
exception Closed {}

service Shop {
  void usual() throws (1: SoldOut sold_out, 2: Closed closed)
  void named() throws (1: SoldOut out)
  void numbered() throws (4: Closed closed, 2: SoldOut sold_out)
}
