const i32 LIMIT = "ten"
