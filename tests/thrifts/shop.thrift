/**
 * A shop, in every construct of the language.
 *
 * The second paragraph.
 */

# comments of the shell and
// of C++ document nothing
include "common.thrift"

namespace py shop
namespace cpp example.shop
cpp_include "<map>"

typedef map<string, i64> Counts (cpp.template = "std::map")
typedef list<common.Sku> Skus

enum Size {
  /** Fits nobody. */
  TINY = -1,
  SMALL = 0x01; MEDIUM (label = "usual"),
  LARGE = 10
  GREAT = 10
}

const i32 MANY = common.LIMIT
const i64 BIG = -9223372036854775808
const double RATE = 1e-3
const bool OPEN = true
const string GREETING = 'say "hello"\n'
const Size USUAL = Size.MEDIUM
const list<Size> SIZES = [Size.SMALL, 10; Size.TINY]
const map<string, list<i32>> TABLE = {"a": [1, 2], "b": []}
const common.Money PRICE = {"amount": 5, "currency": common.Currency.USD}
const set<string> TAGS = ["new", "old"]

struct Item {
  1: required common.Sku sku
  2: string title
  3: optional common.Money price
  5: Size size = Size.SMALL
  6: optional list<map<i32, set<string>>> nested
  7: binary picture (mime = "image/png", large)
  9: optional i32 stock = 3
  10: optional Item & parent
  11: double weight xsd_optional
  20000: optional bool sold
} (version = "2")

union Payment {
  1: string card
  2: common.Money cash
  3: bool free
}

exception SoldOut {
  1: required common.Sku sku
  2: string message
} (deprecated = "ask for stock first")

service Base extends common.Health {
  Skus skus(1: i32 limit = MANY)
}

/** Sells things. */
service Shop extends Base {
  Item find(1: common.Sku sku) throws (1: SoldOut sold, 4: common.Unavailable down),
  Counts count(1: set<Size> sizes, 2: optional bool all);
  Payment pay(1: i32 order, 3: Payment payment)
  void rename(1: i32 order, 2: string name)
  oneway void log(1: list<byte> line) (level = "info")
  async void forget(1: i32 order) (deprecated)
}
