include "sub/shop.thrift"
namespace * demo.big
service Bigger extends shop.Big { map<string, i32> most() }
