typedef Shelf Row
typedef Row Shelf
