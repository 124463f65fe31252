include "shelf.thrift"

struct Book {
  1: string title
}
