include "near.thrift"
include "../shared/common.thrift"
namespace * demo.shop
service Shop extends common.Base { void own(1: near.Near n) }
service Shop2 extends near.NearBase { void own2() }
service Big extends Shop { oneway void more(1: i32 a) }
