/** Of the file. */

namespace * shop

/** Taken by nothing. */
/**
 * An order.
 *   Indented.
 */
struct Order {
  // of nothing
  1: i32 a /** Of the next one. */
  2: i32 b
  # of nothing
  /* of nothing */
  3: i32 c
}

/** Sizes. */
enum Size {
  /** Fits few. */
  SMALL
}

/** Sells. */
service Shop {
  /** Buys. */
  void buy(/** Which one. */ 1: i32 order)
}
