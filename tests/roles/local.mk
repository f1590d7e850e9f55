# tests/roles
