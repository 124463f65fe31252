include "thrift-include-cycle.thrift"
