namespace * org.example
namespace py shop.orders
namespace java org.example.shop (owner = "base")

struct Order {}
