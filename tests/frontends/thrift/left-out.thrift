struct Point {
  1: i32 x
}

struct Shapes {
  1: set<Point> corners
  2: map<Point, string> names
  3: list<Point> kept
}

const i32 TEXT = 99999999999

service Shop {
  set<list<i32>> odd()
  void even()
}
