enum Size { SMALL = 1, LARGE = 2 }

struct Item {
  1: required string name
  2: optional Size size
}

const i32 ONE = 1
const i32 UNO = ONE
const bool YES = 1
const double HALF = 5e-1
const double WHOLE = 1
const string QUOTED = 'say "hi"\n'
const Size BIG = 2
const Size SMALLEST = Size.SMALL
const list<Size> SIZES = [Size.SMALL, 2]
const set<i32> FEW = [1, 2, 1]
const map<string, list<i32>> TABLE = {"a": [1, ONE]}
const Item ITEM = {"name": "x", "size": Size.LARGE}
