namespace * demo.common
struct Book { 1: string title }
exception Full { 1: string text }
service Base { Book ping(1: i32 a) throws (1: Full full), void skus() }
