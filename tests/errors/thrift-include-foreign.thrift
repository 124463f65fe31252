include "../../pyproject.toml"
