enum Genre {
  NOVEL,
  POETRY,
  NOVEL
}
