service Log {
  oneway void line(1: string text)
  async void old(1: string text)
  oneway i32 answered(1: string text)
}
