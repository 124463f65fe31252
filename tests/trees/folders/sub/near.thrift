namespace * demo.near
struct Near { 1: string title }
service NearBase { Near near() }
