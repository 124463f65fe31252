cpp_include "<map>"
cpp_include "own.h"

typedef map cpp_type "own::map" <string, i32> Counts
