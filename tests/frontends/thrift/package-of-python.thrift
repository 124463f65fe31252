namespace java org.example
namespace py shop.orders
