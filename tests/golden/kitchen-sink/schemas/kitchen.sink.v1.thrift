/**
 * Everything at once: """ quotes, \ backslashes, {{ 7*7 }}, ${x}, * / and /* and `ticks`.
 *
 * A second paragraph, with a line that is so long that every language has to break it somewhere in the middle of it.
 */
namespace * kitchen.sink.v1

/**
 * Open; may grow.
 */
enum Color {
  RED = 1,
  /**
   * Like grass.
   */
  GREEN = 2,
  BLUE = 4 (deprecated = "use CYAN"),
  AZURE = 4,
  NAVY = 4,
}

enum Switch {
  OFF = 1,
  ON = 2,
  /**
   * Of a lever.
   */
  DOWN = 1,
}

enum E {
  None_ = 1,
  True_ = 2,
  self_ = 3,
  class_ = 4,
  name = 5,
  value = 6,
  A_B = 7,
  o = 8,
}

/**
 * From nothing to all.
 */
typedef double Percent
typedef list<string> Names

/**
 * How many items fit.
 */
const i32 MAX_ITEMS = 100
const string GREETING = "hello \"world\" ${x} {{ 7*7 }}"

struct Shared {
  1: required uuid id,
  2: optional string note,
}

/**
 * One of each.
 */
struct Scalars {
  1: required bool a_bool,
  2: required i8 an_int8,
  3: required i16 an_int16,
  4: required i32 an_int32,
  5: required i64 an_int64,
  6: required i16 a_uint8,
  7: required i32 a_uint16,
  8: required i64 a_uint32,
  9: required i64 a_uint64,
  10: required double a_float32,
  11: required double a_float64,
  12: required string a_decimal,
  13: required string a_string,
  14: required binary some_bytes,
  15: required string a_timestamp,
  16: required string a_date,
  17: required string a_time,
  18: required string a_duration,
  19: required uuid a_uuid,
  20: required string anything,
}

struct ContainersHoles {
  1: optional i32 value,
}

struct Circle {
  1: required double radius,
}

struct Square {
  1: required double side,
}

struct Sum {
  1: required Expression left,
  2: required Expression right,
}

union Expression {
  1: double number,
  2: Sum plus,
}

/**
 * One of several.
 */
union Shape {
  1: Circle circle,
  2: Square square,
  3: string label,
  4: list<double> points,
  5: Expression nested,
}

struct Containers {
  1: required list<string> strings,
  2: required set<i64> numbers,
  3: required list<list<double>> matrix,
  4: required list<ContainersHoles> holes,
  5: required map<string, Scalars> by_name,
  6: required map<i64, string> by_number,
  7: required map<bool, string> by_flag,
  8: required map<Color, i32> by_color,
  9: required map<string, list<string>> by_day,
  10: required list<Shape> shapes,
}

struct PresenceBoth {
  1: optional i32 value,
}

struct PresenceAliased {
  1: optional string value,
}

/**
 * Recursive.
 */
struct Tree {
  1: required string value,
  2: required list<Tree> children,
  3: optional Tree left,
}

/**
 * Required, optional, nullable and default are four different things.
 */
struct Presence {
  1: required i32 required_,
  2: optional i32 optional_,
  3: optional i32 nullable,
  4: optional PresenceBoth both,
  5: i32 defaulted = 42,
  6: string default_text = "it's \"quoted\" \\ ${x}",
  7: Color default_color = Color.GREEN,
  8: list<i32> default_list = [1, 2, 3],
  9: map<string, i32> default_map = {"a": 1},
  10: string default_duration = "PT1M30S",
  11: string default_date = "2024-02-29",
  12: optional binary default_bytes,
  13: string default_decimal = "0.10",
  14: optional list<string> optional_list,
  15: optional list<string> nullable_list,
  16: optional Tree optional_struct,
  17: optional Tree nullable_struct,
  18: optional PresenceAliased aliased,
}

struct Limits {
  1: required i32 between,
  2: required double open_between,
  3: required string short_,
  4: required string code,
  5: required list<i32> few,
  6: required binary blob,
  7: required map<string, string> labels,
  8: required Percent percent,
  9: optional i32 maybe,
}

struct Audit {
  1: optional string created_at,
  2: optional string createdBy,
}

struct Mixed {
  1: optional string created_at,
  2: optional string createdBy,
  3: required string own,
} (deprecated = "use Presence")

struct Hostile {
  1: optional i32 self_,
  2: optional i32 None_,
  3: optional string type,
  4: optional double float_,
  5: optional i32 int_,
  6: optional list<i32> list_,
  7: optional map<string, i32> dict,
  8: optional string str,
  9: optional i32 default_,
  10: optional i32 field,
  11: optional string dt,
  12: optional string class_,
  13: optional string import_,
  14: optional string from_,
  15: optional string lambda_,
  16: optional string init,
  17: optional string _private,
  18: optional string x,
  19: optional string unicode,
  20: optional string u26085_u26412_u35486,
  21: optional string value,
  22: optional string kind,
  23: optional string package_,
  24: optional string interface_,
  25: optional string func,
  26: optional string constructor,
  27: optional string function_,
  28: optional string camelCase,
  29: optional string PascalCase,
  30: optional string SCREAMING_CASE,
  31: optional i32 n1,
  32: optional i32 a_very_long_name_that_goes_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_end_200,
}

struct Page {
  1: required list<string> items,
  2: optional string next_page_token,
}

struct Any {
  1: required i32 value,
}

struct Decimal {
  1: required string value,
}

struct Code {
  1: required string value,
}

struct Metadata {
  1: required string value,
}

struct None_ {
  1: required i32 value,
}

/**
 * """; import os; os.system("true")
 */
struct Texts {
  /**
   * * / alert(1) /*
   */
  1: string a = "\"; import os",
  /**
   * line one
   * line two
   * \
   */
  2: string b = "{{ 7*7 }}" (deprecated = "\""),
  /**
   * <script>alert(1)</script>
   */
  3: string c = "tab\tnewline\nend",
}

exception SharedProblem {
  1: required Shared shared,
}

exception Plain {
}

/**
 * Short and stout.
 */
exception Teapot {
  1: required string message,
  2: optional i32 code,
  3: double volume = 0.5,
  4: optional Shape shape,
}

struct KitchenSinkEchoNullableResult {
  1: optional string value,
}

struct KitchenSinkXResult {
  1: optional i32 value,
}

/**
 * Everything at once.
 */
service KitchenSink {
  Scalars echo_scalars(1: Scalars request),
  Containers echo_containers(1: Containers request),
  Presence echo_presence(1: Presence request),
  Limits echo_limits(1: Limits request),
  Hostile echo_hostile(1: Hostile request),
  Texts echo_texts(1: Texts request),
  Mixed echo_mixed(1: Mixed request),
  Tree echo_tree(1: Tree request),
  Shape echo_shape(1: Shape request),
  Color echo_color(1: Color color, 2: Switch switch_),
  Names echo_names(1: Names request),
  string echo_any(1: string request),
  KitchenSinkEchoNullableResult echo_nullable(1: string maybe),
  /**
   * Everything that fits a query.
   */
  list<string> search(1: string text, 2: i32 limit = 10, 3: list<Color> colors, 4: string since, 5: double ratio),
  /**
   * Parts of the request in every place.
   */
  string place(1: i64 id, 2: bool verbose = false, 3: string request_id, 4: Tree tree),
  Page page(1: string page_token, 2: i32 size = 2),
  void nothing(),
  string ping(),
  oneway void fire(1: string line),
  void fail(1: string how) throws (1: Teapot teapot, 2: Plain plain, 3: SharedProblem sharedProblem),
  string secret(),
  i32 old() (deprecated = "use ping"),
  list<i32> list_(),
  string class_(1: string self_, 2: string options, 3: string request),
  string close(),
  i32 init(1: i32 None_),
  KitchenSinkXResult x(1: i32 y),
  Shared shared(1: Shared request),
}

/**
 * A second service, of a hostile name.
 */
service type {
  string version(),
  string import_(1: string from_),
}

service Common {
  string version(),
}
