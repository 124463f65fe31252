struct Order xsd_all {
  1: i32 a xsd_optional
  2: i32 b xsd_optional xsd_nillable
  3: string c xsd_attrs { 1: string lang, 2: i32 size }
  4: string d xsd_nillable xsd_attrs { 1: Order order }
}
